/**
 * Which road the connection takes: a WebSocket where one gets through, else an event stream, else polls. Bookkeeping without a
 * network; connection.js tells what it met, and whether the house answered otherwise, for only then is the road to blame.
 */
import { EventsSocket } from './events.js';
import { PollsSocket } from './polls.js';
import { trial } from './trial.js';

export const SUBPROTOCOL = 'teahouse.v1';
const PATIENCE_MS = 15000;
/** Where there is another road to try. */
const SHORT_PATIENCE_MS = 8000;
/** Lives that end early, one after the other, until a road counts as bad. */
const SHORT_LIVES = 3;
const FIRST_TRIAL_MS = 60000;
const LAST_TRIAL_MS = 30 * 60000;

/** @typedef {'websocket'|'events'|'polls'} Transport */
/** @typedef {''|'blocked'|'silent'|'unstable'} Detour   why it is not the WebSocket */
/** @typedef {{name: Transport, open: () => any}} Road */
/** @typedef {{name: Transport, why: Detour}} Taken */

/**
 * @typedef {Object} Memory   lasts as long as the tab
 * @property {() => Taken|null} recall
 * @property {(taken: Taken) => void} remember
 */

export class Roads {
  /** @type {Detour} */
  why = '';
  #roads;
  #memory;
  #tryFirst;
  #at = 0;
  /** @type {Set<number>} */
  #worked = new Set();
  #failures = 0;
  #shortLives = 0;
  #turns = 0;
  #trialMs = FIRST_TRIAL_MS;

  /**
   * @param {Road[]} roads   the best first
   * @param {Memory} [memory]
   * @param {() => Promise<boolean>} [tryFirst]   whether the first one gets through now
   */
  constructor(roads, memory = { recall: () => null, remember: () => {} }, tryFirst = async () => false) {
    this.#roads = roads;
    this.#memory = memory;
    this.#tryFirst = tryFirst;
    const taken = memory.recall();
    const at = roads.findIndex(({ name }) => name === taken?.name);
    if (taken && at > 0) [this.#at, this.why] = [at, taken.why];
  }

  get name() {
    return this.#roads[this.#at].name;
  }

  get isFirst() {
    return this.#at === 0;
  }

  /** How long a welcome may take. */
  get patienceMs() {
    return this.#at === this.#roads.length - 1 ? PATIENCE_MS : SHORT_PATIENCE_MS;
  }

  open() {
    return this.#roads[this.#at].open();
  }

  /** There was a welcome. */
  arrived() {
    this.#worked.add(this.#at);
    this.#failures = this.#turns = 0;
    this.#memory.remember({ name: this.name, why: this.why });
  }

  /** It held for a good while. */
  held() {
    this.#shortLives = 0;
    if (this.isFirst) this.#trialMs = FIRST_TRIAL_MS;
  }

  /** It was cut soon after the welcome, and the server had not said why. */
  cutShort() {
    this.#shortLives += 1;
    if (this.#shortLives >= SHORT_LIVES) this.#turn('unstable');
  }

  /**
   * There was no welcome although the house answers. A road that worked before gets a second chance: the house may have come
   * back between the two questions.
   *
   * @param {Detour} why
   * @returns {boolean}   whether another road is to be tried at once; not when all have been
   */
  failed(why) {
    this.#failures += 1;
    if (this.#worked.has(this.#at) && this.#failures < 2) return false;
    return this.#turn(why);
  }

  /** The network may be another one now: begin with the best road again. */
  home() {
    [this.#at, this.why, this.#failures, this.#shortLives, this.#turns] = [0, '', 0, 0, 0];
  }

  /** When to look whether the first road gets through again; later each time. */
  nextTrialMs() {
    const wait = this.#trialMs;
    this.#trialMs = Math.min(LAST_TRIAL_MS, wait * 2);
    return wait;
  }

  tryFirst() {
    return this.#tryFirst();
  }

  /** @param {Detour} why */
  #turn(why) {
    const { length } = this.#roads;
    if (length === 1) return false;
    // From the first road straight to the one that served before; else the next.
    const known = [...this.#worked].find((at) => at > 0);
    if (this.isFirst) [this.why, this.#at] = [why, known || 1];
    else this.#at = (this.#at + 1) % length;
    if (this.isFirst) this.why = '';
    this.#failures = this.#shortLives = 0;
    this.#turns += 1;
    return this.#turns % length !== 0;
  }
}

/**
 * @param {{url: string, WebSocketClass?: any}} parts
 * @returns {Road}
 */
export function webSocketRoad({ url, WebSocketClass = globalThis.WebSocket }) {
  return { name: 'websocket', open: () => new WebSocketClass(url, SUBPROTOCOL) };
}

/**
 * All roads of a browser.
 *
 * @param {{url: string, WebSocketClass: any, memory?: Memory} & Omit<import('./http_socket.js').HttpParts, 'before'>
 *   & {clock: {clear(id: any): void}}} parts
 */
export function allRoads({ memory, ...parts }) {
  const http = { ...parts, before: { name: '' } };
  const roads = [
    webSocketRoad(parts),
    { name: /** @type {const} */ ('events'), open: () => new EventsSocket(http) },
    { name: /** @type {const} */ ('polls'), open: () => new PollsSocket(http) },
  ];
  return new Roads(roads, memory, () => trial({ ...parts, subprotocol: SUBPROTOCOL }));
}
