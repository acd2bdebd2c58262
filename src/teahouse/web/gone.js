/**
 * What went without the person's own doing while they may have been writing: the open room, or the session. Pure: the engine
 * keeps what these return, and the views show it until the person chooses where to go on.
 *
 * @typedef {import('./types.js').State} State
 * @typedef {import('./types.js').RoomState} RoomState
 * @typedef {import('./types.js').Gone} Gone
 * @typedef {import('./types.js').Ended} Ended
 */
import { clear } from './timeline.js';

/**
 * The open room, if it is not among one's rooms any more; null while it is. After a restored backup another room may carry
 * its number, and another sign-in in this browser makes another person of its reader: the words that were begun are not theirs.
 *
 * @param {State} before
 * @param {State} after
 * @param {any[]} events   which led from one to the other
 * @param {number} id   the open room
 * @returns {Gone|null}
 */
export function roomGone(before, after, events, id) {
  const known = before.rooms[id];
  const now = after.rooms[id];
  const isOneLife = before.epoch === after.epoch && before.life === after.life;
  const isSame = now && before.you?.id === after.you?.id && (isOneLife || identity(known) === identity(now));
  if (after.phase !== 'in' || !known || isSame) return null;
  const isLeft = (/** @type {any} */ { type, log, fact }) => type === 'entry' && log === id && fact.type === 'left' && fact.user.id === after.you?.id;
  const left = events.filter(isLeft).pop();
  const room = emptied(known);
  if (!left) return { room, why: 'gone' };
  return left.by.id === after.you?.id ? { room, why: 'left' } : { room, why: 'put_out', by: left.by };
}

/**
 * The rooms that are not among one's own any more.
 *
 * @param {State} before
 * @param {State} after
 */
export function roomsDropped(before, after) {
  return Object.values(before.rooms).map(({ room }) => room).filter(({ id }) => after.phase === 'in' && !after.rooms[id]);
}

/**
 * @param {State} state   as it was when the session ended
 * @param {{why: string, words: string, ban?: import('./types.js').ShutOut}} cause   a code, and what the server said
 * @param {import('./types.js').Room[]} dropped   rooms that went before: a guest who goes is taken out of each of theirs
 * @param {import('./types.js').OutboxItem[]} unsent
 * @returns {Ended|null}   null when nobody was signed in
 */
export function sessionEnded({ you, since, lobby, rooms }, cause, dropped, unsent) {
  if (!you) return null;
  return { ...cause, you, since, lobby, rooms: [...Object.values(rooms).map(({ room }) => room), ...dropped], unsent };
}

/**
 * Its name and kind are still shown; what was said in it is not.
 *
 * @param {RoomState} room
 * @returns {RoomState}
 */
function emptied(room) {
  const copy = { ...room, here: {}, hereCount: 0, typing: {}, replies: {}, unread: 0 };
  clear(copy);
  return copy;
}

/** @param {RoomState|undefined} state */
function identity(state) {
  return state && JSON.stringify([state.room.kind, state.room.name, state.room.peer?.id, state.since]);
}
