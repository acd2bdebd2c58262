/** In place of the messages of a room that went while it was open: what happened, and where one may go on. */
import { draftOf, editsOf, personOf } from '../drafts.js';
import { html } from '../html.js';
import { refusalWords, t } from '../i18n.js';
import { useHouse } from '../ui.js';
import { Icon } from './icon.js';
import { Kept } from './kept.js';
import { roomName } from './room_name.js';

/** @param {{gone: import('../types.js').Gone}} props */
export function GoneRoom({ gone }) {
  const { store, ui } = useHouse();
  const { rooms, lobby, you, since } = store.state.value;
  const { room } = gone.room;
  const name = roomName(room, lobby);
  const words = unsaid(store, room.id);
  const isDrafted = you && draftOf({ id: you.id, since }, room.id).text !== '';
  return html`<div class="beginning is-empty gone">
    <span class="gone-icon"><${Icon} name="log-out" /></span>
    <p class="beginning-title" role="alert">${t(`gone.${gone.why}`, { name, by: gone.by ? gone.by.name : '' })}</p>
    ${(isDrafted || words.length > 0) && html`<p>${t('gone.hint')}</p>`}
    <${Kept} words=${words} />
    <div class="gone-buttons">
      ${rooms[room.id] && html`<button class="button" type="button" onClick=${() => ui.openRoom(room.id)}>${t('gone.again')}</button>`}
      ${rooms[lobby] && room.id !== lobby && html`<button class="button is-quiet" type="button"
        onClick=${() => ui.openRoom(lobby)}>${t('gone.lobby')}</button>`}
    </div>
  </div>`;
}

/**
 * What stood in an edit, and what the outbox keeps for the room; the field below has the rest.
 *
 * @param {import('../store.js').Store} store
 * @param {number} id
 */
function unsaid(store, id) {
  const edits = editsOf(personOf(store.state.value), id);
  const edited = Object.values(edits).map(({ text }) => ({ title: t('composer.editing'), text }));
  const failed = store.pending.value.filter(({ room }) => room === id).map(({ text, code, words }) => ({
    title: code ? t('message.why', { words: refusalWords({ code, words }) }) : t('message.failed'), text,
  }));
  return edited.concat(failed);
}
