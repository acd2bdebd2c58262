/**
 * How many messages of a room are unread, and which of them name you. The rule is docs/protocol.md's: start from the
 * server's count, add each message by others after it, and take back each that is removed.
 *
 * @typedef {import('./types.js').RoomState} RoomState
 * @typedef {import('./types.js').User} User
 * @typedef {import('./draft.js').Draft} Draft
 */

/**
 * Take the server's count: `unread` messages by others lie after `read` up to `head`. What was counted here after `head`
 * comes on top, and what was removed since is taken off; what the stream has yet to bring up to `head` does neither.
 *
 * @param {RoomState} room
 * @param {{read: number, unread: number, head: number}} mark
 */
export function takeMark(room, { read, unread, head }) {
  const isOlder = read < room.read || (read === room.read && head < room.countedTo);
  if (isOlder) return;
  room.read = read;
  room.countedTo = Math.max(room.countedTo, head);
  room.others = room.others.filter((one) => one > head);
  room.gone = room.gone.filter(({ seq }) => seq > head);
  const counted = room.gone.filter(({ message }) => message > read && message <= head);
  room.unread = Math.max(0, unread - counted.length) + room.others.length;
  keepNamed(room, room.named);
}

/**
 * Count a message of the stream.
 *
 * @param {Draft} draft
 * @param {RoomState} room
 * @param {{seq: number, by: User, mentions?: number[]}} message
 */
export function count(draft, room, message) {
  if (message.seq > room.countedTo && !isYours(draft, message.by.id)) {
    draft.own(room, 'others').push(message.seq);
    room.unread += 1;
  }
  noteMention(draft, room, message);
}

/**
 * Take back a message that entry `seq` removed.
 *
 * @param {Draft} draft
 * @param {RoomState} room
 * @param {{seq: number, message: number, author?: number}} removal
 */
export function uncount(draft, room, { seq, message, author = 0 }) {
  keepNamed(room, room.named.filter((one) => one !== message));
  if (seq <= room.countedTo || author === 0 || isYours(draft, author)) return;
  draft.own(room, 'gone').push({ seq, message });
  room.others = room.others.filter((one) => one !== message);
  if (message > room.read) room.unread = Math.max(0, room.unread - 1);
}

/**
 * Note whether a message names you as it reads now.
 *
 * @param {Draft} draft
 * @param {RoomState} room
 * @param {{seq: number, by: User, mentions?: number[]}} message
 */
export function noteMention(draft, room, { seq, by, mentions = [] }) {
  const others = room.named.filter((one) => one !== seq);
  const isNamed = mentions.some((id) => isYours(draft, id)) && !isYours(draft, by.id);
  keepNamed(room, isNamed ? [...others, seq] : others);
}

/**
 * What names you and is not read yet; when nothing is left of it, there may be something older that only the server knows.
 *
 * @param {RoomState} room
 * @param {number[]} named
 */
export function keepNamed(room, named) {
  room.named = named.filter((seq) => seq > room.read);
  room.mention = room.named.length > 0;
}

/**
 * @param {Draft} draft
 * @param {number} id
 */
function isYours({ state }, id) {
  return state.you?.id === id;
}
