/**
 * One conversation with the server over however many sockets it takes: hello, resume, requests by id, back-off, signs of
 * life. Knows the protocol's envelope, not what entries mean, and of the ways there (transports/) only how they went.
 *
 * Every socket belongs to one attempt. Whatever an abandoned socket still says is not heard, so a connection that dies late
 * cannot harm the one that replaced it.
 */
import { Asked } from './asked.js';
import { Backoff } from './backoff.js';
import { disconnected } from './refusal.js';
import { Timers } from './timers.js';
import { Roads, webSocketRoad } from './transports/roads.js';

const PING_EVERY_MS = 25000;
const PONG_LIMIT_MS = 10000;
/** The browser says that it is offline: a server on this very machine still answers, and at once. */
const DOUBT_LIMIT_MS = 2000;
const STABLE_MS = 60000;
const SESSION_ENDED = 4001;
const BANNED = 4004;
const ROLE_CHANGED = 4005;
const TOO_LONG = 1009;
const SLOW_DOWN = [1013, 4029];
/** Ends that may be the road's fault: no word from the server came with them. */
const NO_ANSWER = 'no answer';
const CUT = '1006';
const NO_SIGN = 'no sign of life';

/** @typedef {import('./types.js').Link} Link */

/**
 * @typedef {Object} Parts
 * @property {string} url
 * @property {Roads} [roads]   without: by WebSocket alone
 * @property {() => {epoch: string, cursors: Record<number, number>}} getCursors   epoch '' for none: start afresh
 * @property {(event: any) => void} onEvent   everything that is no answer to a request, and `welcome`
 * @property {(link: Link) => void} onLink
 * @property {() => Promise<boolean>} [isSignedIn]   asked when a handshake fails, as browsers hide the 401; rejects when nobody answers
 * @property {any} [WebSocketClass]
 * @property {import('./timers.js').Clock} clock
 * @property {() => number} [random]
 * @property {import('./wakeups.js').Wakeups} [wakeups]
 */

export class Connection {
  #parts;
  /** @type {Roads} */
  #roads;
  /** @type {any} */
  #socket = null;
  /** @type {Link} */
  #link = { status: 'waiting', retryAt: 0, transport: 'websocket', detour: '', why: '' };
  #asked = new Asked();
  #lastId = 0;
  #helloId = 0;
  #starts = 0;
  #tries = 0;
  #backoff = new Backoff();
  #openedAt = 0;
  #byeMs = -1;
  /** @type {Timers<'deadline'|'retry'|'ping'|'pong'|'trial'>} */
  #timers;
  #stopListening = () => {};

  /** @param {Parts} parts */
  constructor(parts) {
    this.#parts = parts;
    this.#timers = new Timers(parts.clock);
    this.#roads = parts.roads || new Roads([webSocketRoad(parts)]);
  }

  /** Connect, and stay connected until `stop` or the session ends. */
  start() {
    const { wakeups } = this.#parts;
    this.#stopListening();
    const wake = () => this.wake();
    const online = () => {
      this.#roads.home();
      this.wake();
    };
    if (wakeups) this.#stopListening = wakeups.listen({ online, offline: () => this.wake(DOUBT_LIMIT_MS), visible: wake });
    this.#starts += 1;
    this.#backoff.begin();
    this.#connect();
  }

  /** Close for good; what was asked is refused. */
  stop() {
    this.#stopListening();
    this.#drop('');
    this.#say({ status: 'ended', why: '' });
  }

  /**
   * Try at once where waiting; where open, find out whether it still is.
   *
   * @param {number} [limit]   how long it may take to answer
   */
  wake(limit = PONG_LIMIT_MS) {
    if (this.#link.status === 'open') this.#probe(limit);
    else if (this.#link.status === 'waiting' || this.#link.status === 'offline') this.#connect();
  }

  /**
   * Leave this socket for a new one, because what it said cannot be right.
   *
   * @param {string} why
   */
  reconnect(why) {
    if (this.#socket) this.#lose(why);
  }

  /**
   * Send a command and get its result. Rejects with a Refusal; `disconnected` leaves open whether it was carried out.
   *
   * @param {{type: string, [field: string]: any}} command
   * @returns {Promise<any>}
   */
  request(command) {
    if (this.#link.status !== 'open') return Promise.reject(disconnected());
    const id = this.#nextId();
    const text = JSON.stringify({ ...command, id });
    const answered = this.#asked.wait(id, text.length);
    this.#socket.send(text);
    return answered;
  }

  /**
   * Send a command that may be lost.
   *
   * @param {{type: string, [field: string]: any}} command
   */
  tell(command) {
    if (this.#link.status === 'open') this.#socket.send(JSON.stringify(command));
  }

  #connect() {
    this.#drop('');
    this.#byeMs = -1;
    this.#openedAt = 0;
    this.#tries += 1;
    this.#say({ status: 'connecting', transport: this.#roads.name, detour: this.#roads.why });
    const socket = this.#roads.open();
    this.#socket = socket;
    this.#expectWelcome();
    /** @param {(event: any) => void} hear */
    const whileMine = (hear) => (/** @type {any} */ event) => {
      if (socket === this.#socket) hear(event);
    };
    socket.onopen = whileMine(() => this.#hello());
    socket.onmessage = whileMine(({ data }) => this.#receive(typeof data === 'string' ? JSON.parse(data) : data));
    socket.onclose = whileMine(({ code }) => this.#closed(code));
  }

  #hello() {
    const { epoch, cursors } = this.#parts.getCursors();
    const resume = epoch ? { epoch, cursors } : {};
    this.#helloId = this.#nextId();
    this.#socket.send(JSON.stringify({ type: 'hello', id: this.#helloId, ...resume }));
  }

  /**
   * The road is not to blame: the house heard the hello, and answered. Where it says when, the hello is said again then, here.
   *
   * @param {{code: string, retry_after_s?: number}} refusal
   */
  #refusedHello({ code, retry_after_s = 0 }) {
    if (retry_after_s === 0) return this.#lose(code);
    this.#timers.set('deadline', () => (this.#expectWelcome(), this.#hello()), retry_after_s * 1000);
    this.#say({ why: code });
  }

  #expectWelcome() {
    this.#timers.set('deadline', () => this.#lose(NO_ANSWER), this.#roads.patienceMs);
  }

  /** @param {any} event */
  #receive(event) {
    if (event.type === 'pong') this.#ponged();
    else if (event.type === 'ok' || (event.type === 'error' && this.#asked.has(event.id))) this.#asked.answer(event);
    else if (event.type === 'error' && event.id === this.#helloId) this.#refusedHello(event);
    else if (event.type === 'bye') this.#byeMs = event.retry_ms;
    else if (event.type === 'welcome') this.#welcome(event);
    else this.#parts.onEvent(event);
  }

  /** @param {any} event */
  #welcome(event) {
    this.#timers.clear('deadline');
    this.#openedAt = this.#parts.clock.now();
    this.#roads.arrived();
    if (!this.#roads.isFirst) this.#timers.set('trial', () => this.#tryFirstRoad(), this.#roads.nextTrialMs());
    this.#timers.set('ping', () => this.#probe(), PING_EVERY_MS);
    this.#parts.onEvent(event);
    this.#say({ status: 'open', why: '' });
  }

  #probe(limit = PONG_LIMIT_MS) {
    if (this.#link.status !== 'open' || this.#timers.has('pong')) return;
    this.tell({ type: 'ping', id: this.#nextId() });
    this.#timers.set('pong', () => this.#lose(NO_SIGN), limit);
  }

  #ponged() {
    this.#timers.clear('pong');
    this.#timers.set('ping', () => this.#probe(), PING_EVERY_MS);
  }

  /** @param {number} code */
  #closed(code) {
    if (code === SESSION_ENDED || code === BANNED) return this.#end();
    if (code === ROLE_CHANGED) this.#byeMs = 0;
    if (code === TOO_LONG) this.#asked.refuseLongest();
    if (SLOW_DOWN.includes(code)) this.#backoff.slowDown();
    this.#lose(String(code));
  }

  #end() {
    this.#stopListening();
    this.#drop('not_signed_in');
    this.#say({ status: 'ended', why: 'not_signed_in' });
  }

  /** @param {string} why */
  #lose(why) {
    const { clock, random = Math.random, wakeups } = this.#parts;
    const wasOpen = this.#openedAt > 0;
    const wasStable = wasOpen && clock.now() - this.#openedAt >= STABLE_MS;
    if (wasStable) {
      this.#backoff.begin();
      this.#roads.held();
    } else if (wasOpen && this.#byeMs < 0 && [CUT, NO_SIGN].includes(why)) {
      this.#roads.cutShort();
    }
    this.#openedAt = 0;
    this.#drop(why);
    if (wasOpen) this.#backoff.there(clock.now());
    const backoff = this.#backoff.failed(clock.now(), random());
    const wait = this.#byeMs >= 0 ? this.#byeMs : backoff;
    this.#timers.set('retry', () => this.#connect(), wait);
    const isOffline = wakeups !== undefined && !wakeups.isOnline();
    this.#say({ status: isOffline ? 'offline' : 'waiting', retryAt: clock.now() + wait, why });
    if (!wasOpen) void this.#askWhatIsWrong(why);
  }

  /**
   * Let go of the socket and of everything that waits for it.
   *
   * @param {string} why
   */
  #drop(why) {
    const socket = this.#socket;
    this.#socket = null;
    this.#link = { ...this.#link, status: 'waiting', why };
    this.#timers.clearAll();
    if (socket) socket.close();
    this.#asked.drop();
  }

  /**
   * There was no welcome. If the house answers an ordinary request, either the session has ended, which browsers hide from a
   * refused handshake, or this road does not get through.
   *
   * @param {string} why
   */
  async #askWhatIsWrong(why) {
    const { isSignedIn } = this.#parts;
    const [starts, road] = [this.#starts, this.#roads.name];
    const signedIn = isSignedIn ? await isSignedIn().catch(() => null) : null;
    // A sign-in since then began anew: the answer is about the session before.
    if (signedIn === null || starts !== this.#starts || this.#link.status === 'ended') return;
    if (!signedIn) return this.#end();
    const detour = why === NO_ANSWER ? 'silent' : why === CUT ? 'blocked' : '';
    // By now the next try on this road may have begun, or even have got through.
    if (!detour || road !== this.#roads.name || this.#link.status === 'open') return;
    if (this.#roads.failed(detour)) this.#connect();
  }

  async #tryFirstRoad() {
    const tries = this.#tries;
    const getsThrough = await this.#roads.tryFirst();
    if (tries !== this.#tries || this.#link.status !== 'open') return;
    if (!getsThrough) {
      this.#timers.set('trial', () => this.#tryFirstRoad(), this.#roads.nextTrialMs());
      return;
    }
    this.#roads.home();
    this.#connect();
  }

  #nextId() {
    return ++this.#lastId;
  }

  /** @param {Partial<Link>} change */
  #say(change) {
    this.#link = { ...this.#link, retryAt: 0, ...change };
    this.#parts.onLink(this.#link);
  }
}
