/**
 * The state of the page as a pure fold over what happened: events of the server as docs/protocol.md has them, and a few
 * local ones that the store adds. Rooms and cursors are here; windows of messages, counts and presence have their own files.
 *
 * Local events: `page_loaded {page, mode, at}`, `members_loaded` (a result of `members`), `standing {standing}`,
 * `recounted {standing}`, `tick {now}`, `signed_out`. The store stamps `typing` and
 * `reply_begin` with `now`, for the fold has no clock.
 *
 * @typedef {import('./types.js').State} State
 * @typedef {import('./types.js').RoomState} RoomState
 * @typedef {import('./types.js').Standing} Standing
 * @typedef {import('./types.js').Entry} Entry
 * @typedef {import('./types.js').User} User
 */
import { Draft } from './draft.js';
import { forgetPresence, goAway, here, membersLoaded, stopTyping, tick, typing } from './presence.js';
import { dropSilent, replyBegin, replyDelta, replyEnd, replyPosted } from './replies.js';
import { clear, covers, indexOf, joinPage, record } from './timeline.js';
import { count, keepNamed, noteMention, takeMark, uncount } from './unread.js';

/** @returns {State} */
export function initial() {
  return {
    phase: 'loading',
    you: null,
    epoch: '',
    since: 0,
    life: 0,
    inbox: 0,
    lobby: 0,
    limits: { max_text_bytes: 65536, max_name_chars: 32, max_topic_chars: 200 },
    cursors: {},
    rooms: {},
    gap: 0,
  };
}

/**
 * @param {State} state
 * @param {any} event
 * @returns {State}
 */
export function apply(state, event) {
  return applyAll(state, [event]);
}

/**
 * The state after `events`, sharing with the state before whatever they did not touch. A batch copies a long list once,
 * however many messages it adds to it.
 *
 * @param {State} state
 * @param {any[]} events
 * @returns {State}
 */
export function applyAll(state, events) {
  const draft = new Draft(state);
  for (const event of events) {
    const handle = HANDLERS.get(event.type);
    if (handle) handle(draft, event);
  }
  return draft.state;
}

/**
 * Whether a page or a standing that was read at `head` can join the state: one that cannot is ignored, and worth reading again.
 *
 * @param {State} state
 * @param {number} id
 * @param {number} head
 */
export function usable(state, id, head) {
  const room = state.rooms[id];
  return room !== undefined && covers(room, state.cursors[id], head);
}

/** @typedef {(draft: Draft, event: any) => void} Handler */

const HANDLERS = new Map(/** @type {[string, Handler][]} */ ([
  ['welcome', welcome],
  ['entry', entry],
  ['reset', reset],
  ['typing', typing],
  ['here', here],
  ['reply_begin', replyBegin],
  ['reply_delta', replyDelta],
  ['reply_end', replyEnd],
  ['page_loaded', pageLoaded],
  ['members_loaded', membersLoaded],
  ['standing', standing],
  ['recounted', recounted],
  ['tick', ticked],
  ['signed_out', signedOut],
]));

/**
 * @param {Draft} draft
 * @param {{you: User, epoch: string, inbox: number, inbox_head: number, lobby: number, limits: any, resumed: boolean,
 *   rooms?: Standing[], since?: number, other_life?: boolean}} event
 */
function welcome(draft, { you, epoch, inbox, inbox_head, lobby, limits, resumed, rooms = [], since = 0, other_life = false }) {
  const state = draft.write();
  Object.assign(state, { phase: 'in', you, epoch, inbox, lobby, limits, gap: 0 });
  if (resumed) return forgetPresence(draft);
  state.since = since;
  if (other_life) state.life += 1;
  state.rooms = {};
  state.cursors = { [inbox]: inbox_head };
  for (const one of rooms) addRoom(draft, one, one.head);
}

/**
 * @param {Draft} draft
 * @param {Entry} event
 */
function entry(draft, event) {
  const { state } = draft;
  const seen = state.cursors[event.log];
  if (seen === undefined || event.seq <= seen) return;
  if (event.seq > seen + 1) {
    if (!state.gap) draft.write().gap = event.log;
    return;
  }
  draft.own(draft.write(), 'cursors')[event.log] = event.seq;
  if (event.log === state.inbox) inboxEntry(draft, event);
  else roomEntry(draft, event);
}

/**
 * @param {Draft} draft
 * @param {Entry} event
 */
function inboxEntry(draft, { fact }) {
  if (fact.type === 'added') added(draft, fact);
  const room = fact.type === 'read' && draft.room(fact.room);
  if (room) takeMark(room, { ...fact, read: fact.seq });
}

/**
 * The room may be known already, and better: from the answer of `join`, or from a reset. One that was left and entered again
 * before the own `left` was seen begins anew.
 *
 * @param {Draft} draft
 * @param {{room: import('./types.js').Room, since: number}} fact
 */
function added(draft, { room, since }) {
  const known = draft.state.cursors[room.id] >= since - 1 && draft.room(room.id);
  const mark = { head: since - 1, read: since, unread: 0 };
  if (!known) return enterRoom(draft, { room, role: 'member', since, ...mark });
  known.since = since;
  takeMark(known, mark);
}

/**
 * @param {Draft} draft
 * @param {Entry} event
 */
function roomEntry(draft, event) {
  const { fact, by, log, seq } = event;
  const room = draft.room(log);
  if (!room) return;
  const { you } = draft.state;
  const isAboutYou = fact.user && you && fact.user.id === you.id;
  if (fact.type === 'left' && isAboutYou) return dropRoom(draft, log);
  room.head = Math.max(room.head, seq);
  if (fact.type === 'joined' && isAboutYou) room.role = fact.role || 'member';
  if (fact.type === 'left') goAway(draft, room, fact.user.id);
  rearrange(room, fact);
  if (fact.type === 'posted') {
    stopTyping(draft, room, by.id);
    replyPosted(draft, event);
    count(draft, room, { seq, by, mentions: fact.mentions });
  }
  if (fact.type === 'edited') noteMention(draft, room, { seq: fact.message, by, mentions: fact.mentions });
  if (fact.type === 'removed') uncount(draft, room, { ...fact, seq });
  record(draft, room, event);
}

/**
 * What changes the room itself; other facts do nothing here.
 *
 * @param {RoomState} room
 * @param {{type: string, name: string, topic: string, mode: import('./types.js').RobotMode}} fact
 */
function rearrange(room, { type, name, topic, mode }) {
  if (type === 'renamed') room.room = { ...room.room, name, topic };
  if (type === 'robot_set') room.room = { ...room.room, robot: mode };
}

/**
 * @param {Draft} draft
 * @param {{log: number, head: number|null}} event
 */
function reset(draft, { log, head }) {
  if (head === null) return dropRoom(draft, log);
  draft.own(draft.write(), 'cursors')[log] = head;
  const room = draft.room(log);
  if (!room) return;
  clear(room);
  room.head = head;
}

/**
 * @param {Draft} draft
 * @param {{page: import('./types.js').Page, mode: import('./timeline.js').Mode, at?: number}} event
 */
function pageLoaded(draft, event) {
  const { room: id, head } = event.page;
  const room = usable(draft.state, id, head) && draft.room(id);
  if (!room) return;
  joinPage(draft, room, event, draft.state.cursors[id]);
  for (const { seq } of event.page.messages) {
    const message = room.messages[indexOf(room.messages, seq)];
    if (message) noteMention(draft, room, message);
  }
}

/**
 * The answer of `join` and the like, which may come before or after the stream tells of it.
 *
 * @param {Draft} draft
 * @param {{standing: Standing}} event
 */
function standing(draft, event) {
  if (draft.state.rooms[event.standing.room.id]) recounted(draft, event);
  else enterRoom(draft, event.standing);
}

/**
 * How the server sees a room now, asked for after a reset; of no use when the room was left meanwhile.
 *
 * @param {Draft} draft
 * @param {{standing: Standing}} event
 */
function recounted(draft, { standing: now }) {
  const room = usable(draft.state, now.room.id, now.head) && draft.room(now.room.id);
  if (!room || now.since < room.since) return;
  Object.assign(room, { room: now.room, role: now.role, since: now.since, head: Math.max(room.head, now.head) });
  takeMark(room, now);
  keepNamed(room, [now.mentioned || 0, ...room.named.filter((seq) => seq > now.head)]);
  for (const { seq, fact } of room.recent) if (seq > now.head) rearrange(room, fact);
}

/**
 * @param {Draft} draft
 * @param {{now: number}} event
 */
function ticked(draft, event) {
  tick(draft, event);
  dropSilent(draft, event);
}

/** @param {Draft} draft */
function signedOut(draft) {
  Object.assign(draft.write(), { ...initial(), phase: 'signed_out' });
}

/**
 * The room's log follows from `since` on. Where the stream is further already, it told of entries before it told of the room,
 * and they are to be had again by a resume.
 *
 * @param {Draft} draft
 * @param {Standing} found
 */
function enterRoom(draft, found) {
  const { id } = found.room;
  if (draft.state.cursors[id] >= found.since) draft.write().gap = id;
  addRoom(draft, found, found.since - 1);
}

/**
 * @param {Draft} draft
 * @param {Standing} found
 * @param {number} cursor   the stream goes on after it
 */
function addRoom(draft, { room, role, since, head, read, unread, mentioned = 0 }, cursor) {
  const state = draft.write();
  draft.own(state, 'cursors')[room.id] = cursor;
  draft.own(state, 'rooms')[room.id] = {
    room, role, since, head, read, unread, mention: mentioned > read,
    loaded: false, messages: [], notices: [], moreBefore: false, moreAfter: false,
    typing: {}, replies: {}, hereCount: 0, here: {},
    recent: [], upTo: 0, ahead: [], countedTo: head, others: [], gone: [], named: mentioned > read ? [mentioned] : [],
  };
}

/**
 * @param {Draft} draft
 * @param {number} id
 */
function dropRoom(draft, id) {
  const state = draft.write();
  delete draft.own(state, 'cursors')[id];
  delete draft.own(state, 'rooms')[id];
}
