/**
 * How many messages of a room are unread, and whether one of them names you. The rule is docs/protocol.md's: start from the
 * server's count, add each message by others after it.
 *
 * @typedef {import('./types.js').RoomState} RoomState
 * @typedef {import('./types.js').User} User
 * @typedef {import('./draft.js').Draft} Draft
 */
import { mentions } from './mentions.js';

/**
 * Take the server's count: `unread` messages by others lie after `read` up to `head`. What was counted here after `head`
 * comes on top; what the stream has yet to bring up to `head` does not.
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
  room.unread = unread + room.others.length;
  room.mention = room.mentionedAt > read;
}

/**
 * Count a message of the stream.
 *
 * @param {Draft} draft
 * @param {RoomState} room
 * @param {{seq: number, by: User, text: string}} message
 */
export function count(draft, room, message) {
  const { you } = draft.state;
  if (message.seq > room.countedTo && (!you || message.by.id !== you.id)) {
    draft.own(room, 'others').push(message.seq);
    room.unread += 1;
  }
  noteMention(draft, room, message);
}

/**
 * @param {Draft} draft
 * @param {RoomState} room
 * @param {{seq: number, by: User, text: string}} message
 */
export function noteMention(draft, room, { seq, by, text }) {
  const { you } = draft.state;
  const known = Math.max(room.read, room.mentionedAt);
  if (!you || seq <= known || by.id === you.id || !mentions(text, you.name)) return;
  room.mentionedAt = seq;
  room.mention = true;
}
