/**
 * What the views hold: the state as signals and everything a person can do as actions. This is the only module of the
 * engine that views import, beside types.js, api.js and mentions.js.
 *
 * Every action returns a promise. It resolves with the `result` that docs/protocol.md names for its command, as it is on
 * the wire, and rejects with a Refusal `{code, words, retry}`; code `disconnected` means that there is no connection now.
 *
 * @typedef {import('./types.js').State} State
 * @typedef {import('./types.js').Link} Link
 * @typedef {import('./types.js').House} House
 * @typedef {import('./types.js').OutboxItem} OutboxItem
 * @typedef {import('./types.js').Standing} Standing
 * @typedef {import('./types.js').Stored} Stored
 * @typedef {import('./types.js').Ban} Ban
 * @typedef {import('./types.js').Members} Members
 * @typedef {import('./types.js').FoundRoom} FoundRoom
 */
import { browserParts } from './browser.js';
import { Engine } from './engine.js';
import { disconnected } from './refusal.js';
import { indexOf } from './timeline.js';

/**
 * @template T
 * @typedef {import('./types.js').Signal<T>} Signal
 */

/**
 * @typedef {Object} Store
 * @property {Signal<State>} state
 * @property {Signal<Link>} link
 * @property {Signal<OutboxItem[]>} pending   unsent messages of all rooms in order of writing; draw those of the room below its messages
 * @property {Signal<number|null>} current    the open room; null when none is, or when it was left
 * @property {Signal<import('./types.js').Gone|null>} gone     what was open and went from outside, until another room is opened
 * @property {Signal<import('./types.js').Ended|null>} ended   the session that ended from outside, until the next one
 * @property {Signal<House|null>} house       what GET /api/v1/house said, once it did
 * @property {Signal<boolean>} durable        false: this browser keeps nothing, unsent messages die with the tab
 * @property {import('./api.js').Api} api      `api.house()`, `api.nickname(lang)`
 * @property {(listen: (events: any[]) => void) => () => void} listen   to each batch of events, once it is in the state; returns how to stop
 * @property {() => Promise<void>} start      call once; ends with phase `signed_out` or a connection
 * @property {(who: {name: string, face: string, invite?: string, ownerKey?: string}) => Promise<void>} signIn
 * @property {() => Promise<void>} signOut
 * @property {() => void} reconnect           try now instead of waiting for `link.value.retryAt`
 * @property {(room: number) => Promise<void>} openRoom   makes it current; loads around the first unread, or the latest
 * @property {() => void} closeRoom           no room is current (the list of rooms on a phone)
 * @property {(room: number) => Promise<void>} loadOlder
 * @property {(room: number) => Promise<void>} loadNewer
 * @property {(room: number, seq: number) => Promise<void>} jumpTo   resolved: the message is in the window, if it exists
 * @property {(room: number) => Promise<void>} jumpToLatest
 * @property {(room: number, text: string, replyTo?: number) => Promise<string>} send   resolved once kept: its client_id
 * @property {(clientId: string) => Promise<void>} retry
 * @property {(clientId: string) => Promise<void>} discard
 * @property {(room: number, seq: number, text: string) => Promise<Stored>} edit
 * @property {(room: number, seq: number) => Promise<Stored>} remove
 * @property {(room: number, seq: number, emoji: string, on: boolean) => Promise<Stored>} react
 * @property {(room: number, seq: number) => void} markRead    call as often as you like; sent 500 ms later, never backwards
 * @property {(room: number) => void} typing                   call at every key; sent at most every 3 s
 * @property {(room: {kind: 'public'|'private', name: string, topic?: string}) => Promise<Standing>} createRoom
 * @property {(user: number) => Promise<Standing>} openDirect  the room exists then; call openRoom(standing.room.id) to show it
 * @property {(room: number) => Promise<Standing>} join
 * @property {(room: number) => Promise<Stored>} leave
 * @property {(room: number, user: number) => Promise<Stored>} addMember
 * @property {(room: number, user: number) => Promise<Stored>} removeMember
 * @property {(room: number, change: {name?: string, topic?: string}) => Promise<Stored>} changeRoom
 * @property {(room: number, mode: import('./types.js').RobotMode) => Promise<Stored>} setRobot   when the robot answers there
 * @property {(room: number, clientId: string) => Promise<null>} stopReply   a growing reply ends with what was said so far
 * @property {(room: number, query?: string) => Promise<Members>} members   `{room, members: [{user, role, here}], count, here}`
 * @property {(asked: {query: string, room?: number, before?: number}) => Promise<import('./types.js').FoundMessages>} search
 * @property {() => Promise<House>} lookAtHouse   asks for `house` anew
 * @property {(query?: string) => Promise<{rooms: FoundRoom[]}>} findRooms  `{rooms: [{room, members, joined}]}`
 * The rest is for those who keep the peace:
 * @property {(what: {user?: number, network?: string, minutes?: number, reason?: string, remove_since?: number, remove_minutes?: number}) => Promise<Ban>} ban
 * @property {(ban: number) => Promise<true>} unban
 * @property {(before?: number) => Promise<{bans: Ban[], more?: boolean}>} bans
 * @property {(user: number) => Promise<{ended: number}>} endSessions
 * @property {(user: number, which: {minutes: number} | {since: number}) => Promise<true>} removeMessages   of the last minutes, or since a time in Unix ms; goes on after the answer
 * @property {(user: number, role: 'admin'|'guest') => Promise<import('./types.js').User>} setRole
 * @property {(admitted: boolean) => Promise<true>} setNewcomers
 * @property {(user: number) => Promise<import('./types.js').Person>} person
 * @property {(before?: number) => Promise<{entries: import('./types.js').Entry[], more?: boolean}>} houseLog
 * @property {(wish: {minutes: number, max_uses?: number, note?: string}) => Promise<{key: string, reached_at: string[], invite: import('./types.js').Invite}>} makeInvite   the key is told this once
 * @property {(invite: number) => Promise<true>} endInvite
 * @property {(before?: number) => Promise<{invites: import('./types.js').Invite[], more?: boolean}>} invites
 */


/**
 * The store of this page, from what the browser has, or from `parts` of one's own.
 *
 * @param {Partial<import('./browser.js').Parts>} [parts]
 */
export function createStore(parts = {}) {
  return storeOf({ ...browserParts(), ...parts });
}

/**
 * @param {import('./browser.js').Parts} parts
 * @returns {Store}
 */
export function storeOf(parts) {
  const engine = new Engine(parts);
  const { state, link, items: pending, current, gone, ended, house, durable, api } = engine;
  return {
    state, link, pending, current, gone, ended, house, durable, api,
    listen: (listener) => {
      engine.listeners.add(listener);
      return () => engine.listeners.delete(listener);
    },
    start: () => engine.start(),
    reconnect: () => engine.connection.wake(),
    lookAtHouse: () => engine.lookAtHouse(),
    ...sessionActions(engine),
    ...windowActions(engine),
    ...messageActions(engine, parts),
    ...roomActions(engine, parts),
    ...keeperActions(engine),
  };
}

/** @param {Engine} engine */
function sessionActions({ api, connection, house }) {
  return {
    async signIn(/** @type {Parameters<Store['signIn']>[0]} */ who) {
      const you = await api.signIn(who);
      if (house.value) house.value = { ...house.value, signed_in: true, you, banned: undefined, ban: undefined };
      connection.start();
    },
    async signOut() {
      await api.signOut().catch(unlessSignedOut);
      connection.stop();
    },
  };
}

/**
 * What is looked at.
 *
 * @param {Engine} engine
 */
function windowActions(engine) {
  const { loader, state } = engine;
  const roomOf = (/** @type {number} */ id) => state.peek().rooms[id];
  return {
    async openRoom(/** @type {number} */ id) {
      engine.show(id);
      await engine.loadCurrent().catch(unlessDisconnected);
    },
    closeRoom() {
      engine.show(null);
    },
    async loadOlder(/** @type {number} */ id) {
      const room = roomOf(id);
      if (room && room.moreBefore && room.messages.length > 0) await loader.load(id, 'before', room.messages[0].seq);
    },
    async loadNewer(/** @type {number} */ id) {
      const room = roomOf(id);
      if (room && room.moreAfter && room.messages.length > 0) await loader.load(id, 'after', room.messages[room.messages.length - 1].seq);
    },
    async jumpTo(/** @type {number} */ id, /** @type {number} */ seq) {
      engine.show(id);
      const room = roomOf(id);
      if (!room || indexOf(room.messages, seq) < 0) await loader.load(id, 'around', seq);
    },
    async jumpToLatest(/** @type {number} */ id) {
      const room = roomOf(id);
      if (!room || !room.loaded || room.moreAfter) await loader.load(id, 'latest');
    },
    async members(/** @type {number} */ room, query = '') {
      return engine.loadMembers(room, query);
    },
    markRead: (/** @type {number} */ room, /** @type {number} */ seq) => engine.reads.mark(room, seq),
    typing: (/** @type {number} */ room) => engine.typing.sign(room),
  };
}

/**
 * What is said. Unlike the rest, `send` needs no connection: the message is kept, and sent when there is one.
 *
 * @param {Engine} engine
 * @param {import('./browser.js').Parts} parts
 */
function messageActions({ pending, request, typing }, { newId, clock }) {
  return {
    async send(/** @type {number} */ room, /** @type {string} */ text, /** @type {number} */ replyTo = 0) {
      const client_id = newId();
      const reply = replyTo ? { reply_to: replyTo } : {};
      await pending.add({ client_id, room, text, ...reply, at: clock.now(), state: 'queued' });
      typing.posted(room);
      return client_id;
    },
    retry: (/** @type {string} */ clientId) => pending.retry(clientId),
    discard: (/** @type {string} */ clientId) => pending.discard(clientId),
    edit: (/** @type {number} */ room, /** @type {number} */ message, /** @type {string} */ text) =>
      request({ type: 'edit', room, message, text }),
    remove: (/** @type {number} */ room, /** @type {number} */ message) => request({ type: 'remove', room, message }),
    stopReply: (/** @type {number} */ room, /** @type {string} */ clientId) => request({ type: 'stop_reply', room, client_id: clientId }),
    react: (/** @type {number} */ room, /** @type {number} */ message, /** @type {string} */ emoji, /** @type {boolean} */ on) =>
      request({ type: 'react', room, message, emoji, on }),
  };
}

/**
 * @param {Engine} engine
 * @param {import('./browser.js').Parts} parts
 */
function roomActions({ feed, request }, { newId }) {
  /** The room is in the state when this resolves, whether or not the stream told of it yet. @param {any} command */
  const enter = async (command) => {
    const standing = await request(command);
    feed.apply({ type: 'standing', standing });
    return standing;
  };
  return {
    createRoom: (/** @type {Parameters<Store['createRoom']>[0]} */ { kind, name, topic = '' }) =>
      enter({ type: 'create_room', kind, name, topic, client_id: newId() }),
    openDirect: (/** @type {number} */ user) => enter({ type: 'open_direct', user }),
    join: (/** @type {number} */ room) => enter({ type: 'join', room }),
    leave: (/** @type {number} */ room) => request({ type: 'leave', room }),
    addMember: (/** @type {number} */ room, /** @type {number} */ user) => request({ type: 'add_member', room, user }),
    removeMember: (/** @type {number} */ room, /** @type {number} */ user) => request({ type: 'remove_member', room, user }),
    changeRoom: (/** @type {number} */ room, /** @type {{name?: string, topic?: string}} */ change) =>
      request({ type: 'change_room', room, ...change }),
    setRobot: (/** @type {number} */ room, /** @type {import('./types.js').RobotMode} */ mode) =>
      request({ type: 'set_robot', room, mode }),
    search: (/** @type {{query: string, room?: number, before?: number}} */ asked) => request({ type: 'search', ...asked }),
    findRooms: (query = '') => request({ type: 'find_rooms', query }),
  };
}

/**
 * What owners and admins do (docs/protocol.md, "Keeping peace").
 *
 * @param {Engine} engine
 */
function keeperActions({ request }) {
  /** These are answered with nothing. @param {any} command  @returns {Promise<true>} */
  const done = (command) => request(command).then(() => true);
  const from = (/** @type {number|undefined} */ before) => (before === undefined ? {} : { before });
  return {
    ban: (/** @type {Parameters<Store['ban']>[0]} */ what) => request({ type: 'ban', ...what }),
    unban: (/** @type {number} */ ban) => done({ type: 'unban', ban }),
    bans: (/** @type {number|undefined} */ before) => request({ type: 'bans', ...from(before) }),
    endSessions: (/** @type {number} */ user) => request({ type: 'end_sessions', user }),
    removeMessages: (/** @type {number} */ user, /** @type {{minutes: number} | {since: number}} */ which) => done({ type: 'remove_messages', user, ...which }),
    setRole: (/** @type {number} */ user, /** @type {'admin'|'guest'} */ role) => request({ type: 'set_role', user, role }),
    setNewcomers: (/** @type {boolean} */ admitted) => done({ type: 'newcomers', admitted }),
    person: (/** @type {number} */ user) => request({ type: 'person', user }),
    houseLog: (/** @type {number|undefined} */ before) => request({ type: 'house_log', ...from(before) }),
    makeInvite: (/** @type {Parameters<Store['makeInvite']>[0]} */ wish) => request({ type: 'invite', ...wish }),
    endInvite: (/** @type {number} */ invite) => done({ type: 'end_invite', invite }),
    invites: (/** @type {number|undefined} */ before) => request({ type: 'invites', ...from(before) }),
  };
}

/** @param {import('./refusal.js').Refusal} refusal */
function unlessSignedOut(refusal) {
  if (refusal.code !== 'not_signed_in') throw refusal;
}

/**
 * Without a connection the room is loaded as soon as there is one.
 *
 * @param {import('./refusal.js').Refusal} refusal
 */
function unlessDisconnected(refusal) {
  if (refusal.code !== disconnected().code) throw refusal;
}
