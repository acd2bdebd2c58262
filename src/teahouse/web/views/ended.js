/** Over the door, for whom it closed behind: why, and what they had written and not sent. */
import { draftOf } from '../drafts.js';
import { html } from '../html.js';
import { t } from '../i18n.js';
import { useHouse } from '../ui.js';
import { Kept } from './kept.js';
import { roomName } from './room_name.js';

export function Ended() {
  const { store, ui } = useHouse();
  const ended = store.ended.value;
  if (!ended) return null;
  const words = unsaid(ended, ui);
  return html`<section class="door-ended">
    <p role="alert">${t('link.ended')}</p>
    ${words.length > 0 && html`<p class="hint">${t('gone.hint')}</p>`}
    <${Kept} words=${words} />
  </section>`;
}

/**
 * Drafts, the text of an edit, and what the outbox kept, each under its room's name.
 *
 * @param {import('../types.js').Ended} ended
 * @param {import('../ui.js').Ui} ui
 */
function unsaid({ you, lobby, rooms, unsent }, ui) {
  const edit = ui.editing.value;
  const once = new Map(rooms.map((room) => [room.id, room]));
  return [...once.values()].flatMap((room) => [
    draftOf(you.id, room.id),
    edit && edit.room === room.id ? edit.text || '' : '',
    ...unsent.filter((item) => item.room === room.id).map(({ text }) => text),
  ].filter((text) => text !== '').map((text) => ({ title: roomName(room, lobby), text })));
}
