/** Removes what someone said since a time, in every room. */
import { html } from '../html.js';
import { t } from '../i18n.js';
import { useHouse } from '../ui.js';
import { useState } from '../vendor/hooks.js';
import { ChoiceRow } from './choice_row.js';
import { Overlay } from './overlay.js';

const HOUR = 60;
const DAY = 24 * HOUR;

/** @typedef {'none'|'hour'|'day'|'ever'} Since */

export const SINCE = /** @type {Since[]} */ (['hour', 'day', 'ever']);

/**
 * How much goes: what was said in the last minutes by the house's clock (this machine's may be wrong), or since a time. Null where nothing does.
 *
 * @param {Since} since
 * @returns {{minutes: number} | {since: number} | null}
 */
export function span(since) {
  return { none: null, hour: { minutes: HOUR }, day: { minutes: DAY }, ever: { since: 0 } }[since];
}

/**
 * @param {Since[]} choices
 * @returns {[Since, string][]}
 */
export function sinceWords(choices) {
  return choices.map((since) => [since, t(`clear.${since}`)]);
}

/** @param {{user: import('../types.js').User, onClose: () => void}} props */
export function Clear({ user: { id, name }, onClose }) {
  const { store, ui } = useHouse();
  const [since, setSince] = useState(/** @type {Since} */ ('hour'));
  const [busy, setBusy] = useState(false);

  const submit = async (/** @type {Event} */ event) => {
    event.preventDefault();
    setBusy(true);
    const tell = () => ui.say(t('clear.done'));
    await ui.follow(store.removeMessages(id, span(since) || { since: 0 }), () => (onClose(), tell()), tell);
    setBusy(false);
  };
  return html`<${Overlay} label=${t('clear.title', { name })} title=${t('clear.title', { name })} onClose=${onClose}>
    <p class="hint">${t('clear.hint')}</p>
    <form class="fields" onSubmit=${submit}>
      <${ChoiceRow} label=${t('clear.which')} choices=${sinceWords(SINCE)} chosen=${since} onChoose=${setSince} />
      <div class="panel-buttons">
        <button class="button is-quiet" type="button" onClick=${onClose} data-autofocus>${t('dialog.cancel')}</button>
        <button class="button is-danger" type="submit" disabled=${busy}>${t('clear.submit')}</button>
      </div>
    </form>
  <//>`;
}
