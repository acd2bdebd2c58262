/**
 * Who is here and who is typing: what has no number, may be lost, and ends by itself.
 *
 * @typedef {import('./types.js').RoomState} RoomState
 * @typedef {import('./types.js').User} User
 * @typedef {import('./draft.js').Draft} Draft
 */

const TYPING_MS = 5000;

/**
 * @param {Draft} draft
 * @param {{room: number, user: User, now: number}} event
 */
export function typing(draft, { room: id, user, now }) {
  const { you } = draft.state;
  const room = you && user.id === you.id ? undefined : draft.room(id);
  if (room) draft.own(room, 'typing')[user.id] = { user, until: now + TYPING_MS };
}

/**
 * @param {Draft} draft
 * @param {RoomState} room
 * @param {number} user
 */
export function stopTyping(draft, room, user) {
  if (room.typing[user]) delete draft.own(room, 'typing')[user];
}

/**
 * @param {Draft} draft
 * @param {{now: number}} event
 */
export function tick(draft, { now }) {
  for (const [id, { typing: typists }] of Object.entries(draft.state.rooms)) {
    const late = Object.keys(typists).map(Number).filter((user) => typists[user].until <= now);
    const room = late.length > 0 ? draft.room(Number(id)) : undefined;
    if (room) for (const user of late) stopTyping(draft, room, user);
  }
}

/**
 * @param {Draft} draft
 * @param {{room: number, count: number, came?: User[], went?: number[]}} event
 */
export function here(draft, { room: id, count, came = [], went = [] }) {
  const room = draft.room(id);
  if (!room) return;
  room.hereCount = count;
  for (const user of came) draft.own(room, 'here')[user.id] = user;
  for (const user of went) goAway(draft, room, user);
}

/**
 * @param {Draft} draft
 * @param {RoomState} room
 * @param {number} user
 */
export function goAway(draft, room, user) {
  if (room.here[user]) delete draft.own(room, 'here')[user];
  stopTyping(draft, room, user);
}

/**
 * @param {Draft} draft
 * @param {import('./types.js').Members} event
 */
export function membersLoaded(draft, { room: id, members, here: hereCount }) {
  const room = draft.room(id);
  if (!room) return;
  room.hereCount = hereCount;
  room.here = Object.fromEntries(members.filter((member) => member.here).map(({ user }) => [user.id, user]));
}

/**
 * After a cut: what came and went meanwhile is not told again, and what still goes on is.
 *
 * @param {Draft} draft
 */
export function forgetPresence(draft) {
  for (const id of Object.keys(draft.state.rooms)) {
    const room = draft.room(Number(id));
    if (room) Object.assign(room, { typing: {}, replies: {}, here: {} });
  }
}
