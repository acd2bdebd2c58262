/** Removes what someone said since a time, in every room. */
import { html } from '../html.js';
import { t } from '../i18n.js';
import { useHouse } from '../ui.js';
import { useState } from '../vendor/hooks.js';
import { ChoiceRow } from './choice_row.js';
import { Overlay } from './overlay.js';

const HOUR_MS = 3600000;

/** @typedef {'none'|'hour'|'day'|'ever'} Since */

export const SINCE = /** @type {Since[]} */ (['hour', 'day', 'ever']);

/**
 * The time in Unix ms; undefined where nothing is to be removed.
 *
 * @param {Since} since
 */
export function timeSince(since) {
  return { none: undefined, hour: Date.now() - HOUR_MS, day: Date.now() - 24 * HOUR_MS, ever: 0 }[since];
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
    await ui.follow(store.removeMessages(id, timeSince(since) || 0), () => (onClose(), tell()), tell);
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
