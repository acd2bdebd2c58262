/** Going to a room that the server makes or opens first. Who went elsewhere meanwhile finds it in the list, and a way there in the toast. */
import { t } from '../i18n.js';
import { roomName } from './room_name.js';

/** @typedef {import('../types.js').Standing} Standing */

/**
 * @param {import('../store.js').Store} store
 * @param {import('../ui.js').Ui} ui
 * @param {Promise<Standing>} asked
 */
export function enterRoom(store, ui, asked) {
  const go = (/** @type {Standing} */ { room }) => void ui.openRoom(room.id);
  const tell = (/** @type {Standing} */ { room }) => {
    const { rooms, lobby } = store.state.peek();
    const name = roomName((rooms[room.id] || { room }).room, lobby);
    ui.say(t('rooms.waits', { name }), { words: t('rooms.open'), go: () => ui.openRoom(room.id) });
  };
  return ui.follow(asked, go, tell);
}
