/** What the connection is up to, while it is not simply there. */
import { html } from '../html.js';
import { t } from '../i18n.js';
import { detourWords, transportName } from '../road_words.js';
import { useHouse } from '../ui.js';
import { useEffect, useState } from '../vendor/hooks.js';
import { Icon } from './icon.js';

const PATIENCE_MS = 1200;

export function Banner() {
  const { store } = useHouse();
  const link = store.link.value;
  const isDown = link.status !== 'open';
  const isPatient = useDelay(link.status === 'connecting', PATIENCE_MS);
  const now = useClock(link.status === 'waiting');
  const kept = store.pending.value.filter(({ state }) => state !== 'failed').length;
  if (!isDown || isPatient) return null;
  return html`<div class=${`banner is-${link.status}`} role="status">
    <${Icon} name=${link.status === 'offline' ? 'wifi-off' : 'refresh-cw'} />
    <div class="banner-words">
      <span>${words(link, now)}</span>
      ${!store.durable.value && html`<span>${t('link.notDurable')}</span>`}
      <details><summary>${t('link.details')}</summary>${details(link, kept)}</details>
    </div>
    ${link.status === 'waiting' && html`<button class="link" type="button" onClick=${store.reconnect}>${t('link.now')}</button>`}
  </div>`;
}

/**
 * @param {import('../types.js').Link} link
 * @param {number} now
 */
function words({ status, retryAt, why }, now) {
  if (status === 'waiting') return t('link.waiting', { n: Math.max(1, Math.ceil((retryAt - now) / 1000)) });
  // While it connects there is a cause only where the house has answered, and asks to be asked again.
  if (status === 'connecting' && why) return t('link.patience');
  return t(status === 'offline' ? 'link.offline' : status === 'ended' ? 'link.ended' : 'link.connecting');
}

/**
 * @param {import('../types.js').Link} link
 * @param {number} kept   how many messages wait
 */
function details(link, kept) {
  const { status, why } = link;
  const state = `${t('link.state', { status, transport: transportName(link), why: why || '–' })} ${detourWords(link)}`;
  return kept > 0 ? `${t('link.kept', { n: kept })} ${state}` : state;
}

/**
 * True for the first moments of something that is usually over soon.
 *
 * @param {boolean} active
 * @param {number} ms
 */
function useDelay(active, ms) {
  const [isOver, setIsOver] = useState(false);
  useEffect(() => {
    setIsOver(false);
    const timer = active ? setTimeout(() => setIsOver(true), ms) : undefined;
    return () => clearTimeout(timer);
  }, [active]);
  return active && !isOver;
}

/** @param {boolean} active */
function useClock(active) {
  const [now, setNow] = useState(Date.now());
  useEffect(() => {
    if (!active) return undefined;
    setNow(Date.now());
    const timer = setInterval(() => setNow(Date.now()), 500);
    return () => clearInterval(timer);
  }, [active]);
  return now;
}
