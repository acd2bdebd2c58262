/** Shuts someone out, or an address or network: for how long, why, and what becomes of what they said. */
import { into } from '../fields.js';
import { html } from '../html.js';
import { refusalWords, t } from '../i18n.js';
import { useHouse } from '../ui.js';
import { useState } from '../vendor/hooks.js';
import { ChoiceRow } from './choice_row.js';
import { SINCE, sinceWords, span } from './clear.js';
import { Overlay } from './overlay.js';

const HOUR = 60;
const DAY = 24 * HOUR;
const MAX_REASON_CHARS = 200;

/** @type {[number, import('../i18n.js').Key][]} minutes, 0 for no end */
const PERSON_SPANS = [[HOUR, 'ban.hour'], [DAY, 'ban.day'], [7 * DAY, 'ban.week'], [0, 'ban.forever']];
/** What shuts out a network always has an end. @type {[number, import('../i18n.js').Key][]} */
const NETWORK_SPANS = [[HOUR, 'ban.hour'], [DAY, 'ban.day'], [7 * DAY, 'ban.week'], [30 * DAY, 'ban.month']];

/** @param {{user: import('../types.js').User, address?: string, onClose: () => void}} props   `address`: where they were seen last */
export function Ban({ user: { id, name }, address, onClose }) {
  const { store, ui } = useHouse();
  const [minutes, setMinutes] = useState(DAY);
  const [since, setSince] = useState(/** @type {import('./clear.js').Since} */ ('none'));
  const [reason, setReason] = useState('');
  const [withAddress, setWithAddress] = useState(false);
  const [busy, setBusy] = useState(false);

  const submit = async (/** @type {Event} */ event) => {
    event.preventDefault();
    setBusy(true);
    const why = reason.trim();
    const goes = span(since);
    const tell = () => ui.say(t('ban.done', { name }));
    const asked = store.ban({
      user: id, reason: why, ...(minutes ? { minutes } : {}), ...(goes === null ? {} : 'since' in goes ? { remove_since: goes.since } : { remove_minutes: goes.minutes }),
    });
    const done = await ui.follow(asked, () => (onClose(), tell()), tell);
    setBusy(false);
    if (!done || !withAddress || !address) return;
    await store.ban({ network: address, minutes: DAY, reason: why }).catch((refusal) => {
      ui.say(t('ban.addressFailed', { name, words: networkRefusal(refusal) }));
    });
  };
  return html`<${Overlay} label=${t('ban.title', { name })} title=${t('ban.title', { name })} onClose=${onClose}>
    <p class="hint">${t('ban.hint')}</p>
    <form class="fields" onSubmit=${submit}>
      <${ChoiceRow} label=${t('ban.howLong')} choices=${inWords(PERSON_SPANS)} chosen=${minutes} onChoose=${setMinutes} />
      <${ChoiceRow} label=${t('clear.since')} choices=${sinceWords(['none', ...SINCE])} chosen=${since} onChoose=${setSince} />
      <${ReasonField} reason=${reason} onReason=${setReason} autofocus />
      ${address && html`<label class="check"><input type="checkbox" checked=${withAddress}
        onChange=${() => setWithAddress(!withAddress)} /><span>${t('ban.address', { address })}</span></label>`}
      <${Buttons} busy=${busy} onClose=${onClose} />
    </form>
  <//>`;
}

/** @param {{onClose: () => void}} props */
export function BanNetwork({ onClose }) {
  const { store, ui } = useHouse();
  const [network, setNetwork] = useState('');
  const [minutes, setMinutes] = useState(DAY);
  const [reason, setReason] = useState('');
  const [busy, setBusy] = useState(false);

  const submit = async (/** @type {Event} */ event) => {
    event.preventDefault();
    setBusy(true);
    const asked = store.ban({ network: network.trim(), minutes, reason: reason.trim() }).catch((refusal) => {
      ui.say(networkRefusal(refusal));
    });
    const tell = () => ui.say(t('ban.done', { name: network.trim() }));
    await ui.follow(asked, () => (close(), tell()), tell);
    setBusy(false);
  };
  const close = () => ui.open({ type: 'keeping' });
  return html`<${Overlay} label=${t('ban.networkTitle')} title=${t('ban.networkTitle')} onClose=${onClose}>
    <p class="hint">${t('ban.networkHint')}</p>
    <form class="fields" onSubmit=${submit}>
      <label class="field"><span>${t('ban.network')}</span><input class="input" dir="ltr" required maxlength="50" autocomplete="off"
        spellcheck="false" placeholder="203.0.113.7, 2001:db8:5::/48" value=${network} onInput=${into(setNetwork)} data-autofocus /></label>
      <${ChoiceRow} label=${t('ban.howLong')} choices=${inWords(NETWORK_SPANS)} chosen=${minutes} onChoose=${setMinutes} />
      <${ReasonField} reason=${reason} onReason=${setReason} />
      <${Buttons} busy=${busy || network.trim() === ''} onClose=${close} />
    </form>
  <//>`;
}

/** @param {import('../refusal.js').Refusal} refusal */
function networkRefusal(refusal) {
  return refusal.code === 'invalid' ? t('ban.badNetwork') : refusalWords(refusal);
}

/** @param {{reason: string, onReason: (reason: string) => void, autofocus?: boolean}} props */
function ReasonField({ reason, onReason, autofocus = false }) {
  return html`<label class="field"><span>${t('ban.reason')} <small>${t('create.optional')}</small></span><input class="input" dir="auto"
    maxlength=${MAX_REASON_CHARS} value=${reason} onInput=${into(onReason)} data-autofocus=${autofocus || undefined} /></label>`;
}

/** @param {{busy: boolean, onClose: () => void}} props */
function Buttons({ busy, onClose }) {
  return html`<div class="panel-buttons">
    <button class="button is-quiet" type="button" onClick=${onClose}>${t('dialog.cancel')}</button>
    <button class="button is-danger" type="submit" disabled=${busy}>${t('ban.submit')}</button>
  </div>`;
}

/**
 * @param {[number, import('../i18n.js').Key][]} spans
 * @returns {[number, string][]}
 */
function inWords(spans) {
  return spans.map(([minutes, key]) => [minutes, t(key)]);
}
