/** Makes an invite: for how long, for how many, for whom; and shows its link this once. */
import { into } from '../fields.js';
import { html } from '../html.js';
import { refusalWords, t } from '../i18n.js';
import { inviteLink, isHereOnly } from '../invite_link.js';
import { useHouse } from '../ui.js';
import { useState } from '../vendor/hooks.js';
import { ChoiceRow } from './choice_row.js';
import { Overlay } from './overlay.js';
import { ShownOnce } from './shown_once.js';

const DAY = 24 * 60;
const MAX_NOTE_CHARS = 200;

/** @type {[number, import('../i18n.js').Key][]} minutes */
const SPANS = [[DAY, 'ban.day'], [7 * DAY, 'ban.week'], [30 * DAY, 'ban.month'], [365 * DAY, 'invites.year']];
const USES = [1, 5, 20, 0];

/** @param {{onClose: () => void}} props */
export function NewInvite({ onClose }) {
  const { store, ui } = useHouse();
  const [minutes, setMinutes] = useState(7 * DAY);
  const [uses, setUses] = useState(0);
  const [note, setNote] = useState('');
  const [link, setLink] = useState('');
  const [busy, setBusy] = useState(false);

  const make = async (/** @type {Event} */ event) => {
    event.preventDefault();
    setBusy(true);
    const made = await store.makeInvite({ minutes, note: note.trim(), ...(uses ? { max_uses: uses } : {}) }).catch((refusal) => {
      ui.say(refusal.code === 'not_allowed' ? t('invites.full') : refusalWords(refusal));
    });
    setBusy(false);
    if (made) setLink(inviteLink(made));
  };
  const back = () => ui.open({ type: 'keeping', tab: 'invites' });
  return html`<${Overlay} label=${t('invites.new')} title=${t('invites.new')} onClose=${onClose}>
    ${link ? html`<${ShownOnce} words=${t('invites.link')} secret=${link} copy=${t('invites.copy')} onDone=${back}>
      ${isHereOnly(link) && html`<p>${t('invites.hereOnly')}</p>`}
    <//>` : html`<form class="fields" onSubmit=${make}>
      <${ChoiceRow} label=${t('ban.howLong')} choices=${SPANS.map(([span, key]) => [span, t(key)])} chosen=${minutes} onChoose=${setMinutes} />
      <${ChoiceRow} label=${t('invites.howMany')} choices=${USES.map((n) => [n, n ? String(n) : t('invites.anyNumber')])} chosen=${uses}
        onChoose=${setUses} />
      <label class="field"><span>${t('invites.note')} <small>${t('create.optional')}</small></span><input class="input" dir="auto"
        maxlength=${MAX_NOTE_CHARS} value=${note} onInput=${into(setNote)} data-autofocus /></label>
      <div class="panel-buttons">
        <button class="button is-quiet" type="button" onClick=${back}>${t('dialog.cancel')}</button>
        <button class="button" type="submit" disabled=${busy}>${t('invites.make')}</button>
      </div>
    </form>`}
  <//>`;
}
