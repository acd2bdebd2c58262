/**
 * Joins the parts: what the connection hears goes through the feed into the state, and what follows from it (load the
 * open room, send what waits, sign out) is started here. Actions of people are in store.js.
 */
import { batch, signal } from './vendor/signals-core.js';
import { Connection } from './connection.js';
import { Feed } from './feed.js';
import { initial } from './fold.js';
import { roomGone, roomsDropped, sessionEnded } from './gone.js';
import { Loader } from './loader.js';
import { Pending } from './pending.js';
import { Recounter } from './recounter.js';
import { ReadMarks, TypingSigns } from './signs.js';

const BANNED = 'banned';

/** @typedef {import('./types.js').State} State */
/** @typedef {import('./types.js').Link} Link */
/**
 * @template T
 * @typedef {import('./types.js').Signal<T>} Signal
 */

export class Engine {
  /** @type {Signal<State>} */
  state = signal(initial());
  /** @type {Signal<Link>} */
  link = signal(/** @type {Link} */ ({ status: 'connecting', retryAt: 0, transport: 'websocket', detour: '', why: '' }));
  /** @type {Signal<import('./types.js').OutboxItem[]>} */
  items = signal(/** @type {import('./types.js').OutboxItem[]} */ ([]));
  /** @type {Signal<number|null>} */
  current = signal(/** @type {number|null} */ (null));
  /** The room that was open until it went without the person's doing. @type {Signal<import('./types.js').Gone|null>} */
  gone = signal(/** @type {import('./types.js').Gone|null} */ (null));
  /** The session that ended without the person's doing. @type {Signal<import('./types.js').Ended|null>} */
  ended = signal(/** @type {import('./types.js').Ended|null} */ (null));
  /** @type {Signal<import('./types.js').House|null>} */
  house = signal(/** @type {import('./types.js').House|null} */ (null));
  /** @type {Signal<boolean>} */
  durable = signal(true);

  /** Who hears every batch of events once it is in the state. @type {Set<(events: any[]) => void>} */
  listeners = new Set();

  /** What the server said when it shut this person out. @type {{words: string, ban?: import('./types.js').ShutOut}} */
  #shutOut = { words: '' };
  /** Rooms that went since the sign-in; a draft may wait in them. @type {Map<number, import('./types.js').Room>} */
  #dropped = new Map();

  /** @param {import('./browser.js').Parts} parts */
  constructor(parts) {
    const { clock, nextFrame, openOutbox, locks } = parts;
    const getState = () => this.state.peek();
    this.api = parts.api;
    this.request = (/** @type {any} */ command) => this.connection.request(command);
    this.feed = new Feed({ getState, nextFrame, clock, onState: (state, events) => this.#applied(state, events) });
    this.connection = new Connection({
      ...parts,
      getCursors: () => this.#cursors(),
      onEvent: (event) => this.#heard(event),
      onLink: (link) => this.#linked(link),
      isSignedIn: async () => (await this.lookAtHouse()).signed_in,
    });
    this.pending = new Pending({
      request: this.request, getState, clock, locks, openOutbox,
      onItems: (items) => (this.items.value = items),
      onDurable: (durable) => (this.durable.value = durable),
      isOpen: () => this.isOpen(),
    });
    const getLatest = () => (this.feed.flush(), getState());
    const apply = (/** @type {any} */ event) => this.feed.apply(event);
    this.loader = new Loader({ request: this.request, getState: getLatest, apply });
    this.recounter = new Recounter({ standings: this.api.rooms, getState: getLatest, apply });
    this.reads = new ReadMarks({ request: this.request, getState, clock });
    this.typing = new TypingSigns({ tell: (command) => this.connection.tell(command), clock });
  }

  isOpen() {
    return this.link.peek().status === 'open';
  }

  async lookAtHouse() {
    const house = await this.api.house();
    this.house.value = house;
    return house;
  }

  /** Without a session there is nothing to connect for; without an answer the connection goes on trying and asks again. */
  async start() {
    const house = await this.lookAtHouse().catch(() => null);
    if (house && !house.signed_in) this.feed.apply({ type: 'signed_out' });
    else this.connection.start();
  }

  /**
   * The person's own choice of what is open; only this puts another room where one was.
   *
   * @param {number|null} id
   */
  show(id) {
    batch(() => {
      this.current.value = id;
      this.gone.value = null;
    });
  }

  /**
   * Load what the open room shows, if it is not there yet: around the first unread message, or the latest.
   *
   * @returns {Promise<void>}
   */
  async loadCurrent() {
    const id = this.current.peek();
    const room = id === null ? undefined : this.state.peek().rooms[id];
    if (id === null || !room) return;
    this.loadMembers(id).catch(() => {});
    if (room.loaded) return;
    await (room.unread > 0 ? this.loader.load(id, 'around', room.read + 1) : this.loader.load(id, 'latest'));
  }

  /**
   * @param {number} room
   * @param {string} [query]
   * @returns {Promise<import('./types.js').Members>}
   */
  async loadMembers(room, query = '') {
    const members = await this.request({ type: 'members', room, query });
    if (query === '') this.feed.hear({ ...members, type: 'members_loaded' });
    return members;
  }

  /** @param {any} event */
  #heard(event) {
    if (event.type === 'welcome') return this.#welcomed(event);
    if (event.type === 'error' && event.code === BANNED) this.#shutOut = event;
    this.feed.hear(event);
  }

  /** Marks of another life of the database would call read here what nobody has read. @param {any} event */
  #welcomed(event) {
    if (event.other_life) this.reads.forget();
    this.feed.apply(event);
  }

  /** The epoch and cursors to resume from: with everything that was heard, drawn or not. */
  #cursors() {
    this.feed.flush();
    const { epoch, cursors } = this.state.peek();
    return { epoch, cursors };
  }

  /** @param {Link} link */
  #linked(link) {
    this.link.value = link;
    if (link.status === 'ended') this.#signedOut(link.why);
    if (link.status !== 'open') return;
    const { you, since, epoch, life } = this.state.peek();
    this.ended.value = null;
    this.#shutOut = { words: '' };
    if (you) void this.pending.open({ user: you.id, since, epoch, life });
    this.reads.send();
    void this.recounter.ask();
    this.#loadCurrentQuietly();
  }

  /** @param {string} why   a code; empty when the person signed out here */
  #signedOut(why) {
    const { banned = '', ban } = this.house.peek() || {};
    const { words } = this.#shutOut.words ? this.#shutOut : { words: banned };
    const cause = { why: words ? 'banned' : why, words, ban: this.#shutOut.words ? this.#shutOut.ban : ban };
    if (why) this.ended.value = sessionEnded(this.state.peek(), cause, [...this.#dropped.values()], this.items.peek());
    this.feed.apply({ type: 'signed_out' });
    this.show(null);
    this.#dropped.clear();
    this.pending.close();
    this.reads.forget();
    this.recounter.forget();
  }

  /**
   * @param {State} state
   * @param {any[]} events
   */
  #applied(state, events) {
    const before = this.state.peek();
    batch(() => {
      this.state.value = state;
      this.pending.settle(ownClientIds(state, events));
      const current = this.current.peek();
      for (const room of roomsDropped(before, state)) this.#dropped.set(room.id, room);
      if (current !== null) this.#lookForRoom(before, state, events, current);
      for (const listen of this.listeners) listen(events);
    });
    if (state.gap && this.isOpen()) this.connection.reconnect('gap');
    const resets = events.filter((event) => event.type === 'reset' && event.head !== null);
    if (resets.length > 0) this.#wasReset(resets);
    this.#lookForOlderMentions(before, state, events);
  }

  /**
   * Where what named you was edited or removed: whether something older does, only the server knows.
   *
   * @param {State} before
   * @param {State} now
   * @param {any[]} events
   */
  #lookForOlderMentions(before, now, events) {
    const changed = events.filter(({ type, fact }) => type === 'entry' && (fact.type === 'edited' || fact.type === 'removed'));
    const lost = changed.filter(({ log }) => before.rooms[log]?.mention && now.rooms[log]?.mention === false);
    for (const { log } of lost) this.recounter.want(log);
    if (lost.length > 0) void this.recounter.ask();
  }

  /**
   * @param {State} before
   * @param {State} state
   * @param {any[]} events
   * @param {number} current
   */
  #lookForRoom(before, state, events, current) {
    const gone = roomGone(before, state, events, current);
    if (gone) this.gone.value = gone;
    if (gone || (state.phase === 'in' && !state.rooms[current])) this.current.value = null;
  }

  /** @param {{log: number}[]} resets */
  #wasReset(resets) {
    for (const { log } of resets) this.recounter.want(log);
    void this.recounter.ask();
    this.#loadCurrentQuietly();
  }

  /** A page that does not come now is asked for again after the next welcome. */
  #loadCurrentQuietly() {
    this.loadCurrent().catch(() => {});
  }
}

/**
 * The client ids of your own messages that these events brought into the state.
 *
 * @param {State} state
 * @param {any[]} events
 * @returns {string[]}
 */
function ownClientIds({ you }, events) {
  const arrived = events.flatMap((event) => {
    if (event.type === 'entry' && event.fact.type === 'posted') return [event];
    return event.type === 'page_loaded' ? event.page.messages : [];
  });
  return arrived.filter(({ by, client_id }) => client_id && you && by.id === you.id).map(({ client_id }) => client_id);
}
