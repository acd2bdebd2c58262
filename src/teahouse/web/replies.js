/**
 * Replies that grow, as docs/protocol.md has them: shown until their message comes, or nothing was heard of them for a while.
 *
 * @typedef {import('./types.js').RoomState} RoomState
 * @typedef {import('./types.js').User} User
 * @typedef {import('./draft.js').Draft} Draft
 */

export const REPLY_SHOWN_MS = 20000;

/**
 * All so far: at the beginning, on coming, and now and then. One whose message is here already came too late.
 *
 * @param {Draft} draft
 * @param {{room: number, by: User, client_id: string, asker: number, part: number, text: string, reply_to?: number, now: number}} event
 */
export function replyBegin(draft, { room: id, by, client_id, asker, part, text, reply_to, now }) {
  const known = draft.state.rooms[id];
  if (!known || known.recent.some((entry) => entry.client_id === client_id && entry.by.id === by.id)) return;
  const room = /** @type {RoomState} */ (draft.room(id));
  draft.own(room, 'replies')[client_id] = { by, client_id, asker, part, text, reply_to, until: now + REPLY_SHOWN_MS };
}

/**
 * The next part; where one is missing, the next `reply_begin` has it.
 *
 * @param {Draft} draft
 * @param {{room: number, client_id: string, part: number, text: string}} event
 */
export function replyDelta(draft, { room: id, client_id, part, text }) {
  const reply = draft.state.rooms[id]?.replies[client_id];
  if (!reply || part !== reply.part + 1) return;
  const room = /** @type {RoomState} */ (draft.room(id));
  draft.own(room, 'replies')[client_id] = { ...reply, part, text: reply.text + text };
}

/**
 * @param {Draft} draft
 * @param {{room: number, client_id: string}} event
 */
export function replyEnd(draft, { room: id, client_id }) {
  if (!draft.state.rooms[id]?.replies[client_id]) return;
  delete draft.own(/** @type {RoomState} */ (draft.room(id)), 'replies')[client_id];
}

/**
 * A message takes the place of the reply that announced it.
 *
 * @param {Draft} draft
 * @param {import('./types.js').Entry} entry   a `posted` one
 */
export function replyPosted(draft, { log, by, client_id = '' }) {
  if (draft.state.rooms[log]?.replies[client_id]?.by.id === by.id) replyEnd(draft, { room: log, client_id });
}

/**
 * @param {Draft} draft
 * @param {{now: number}} event
 */
export function dropSilent(draft, { now }) {
  for (const [id, { replies }] of Object.entries(draft.state.rooms)) {
    for (const { client_id, until } of Object.values(replies)) if (until <= now) replyEnd(draft, { room: Number(id), client_id });
  }
}
