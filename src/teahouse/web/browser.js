/**
 * What the engine takes from the browser, in one place, so that tests can hand in their own.
 */
import { createApi } from './api.js';
import { openOutbox } from './outbox.js';
import { root } from './root.js';
import { ifAllowed, tabKept } from './storage.js';
import { allRoads } from './transports/roads.js';
import { browserWakeups } from './wakeups.js';

const HIDDEN_FRAME_MS = 100;

/**
 * @typedef {Object} Parts
 * @property {import('./api.js').Api} api
 * @property {string} url
 * @property {any} WebSocketClass
 * @property {import('./transports/roads.js').Roads} [roads]
 * @property {{now(): number, set(fn: () => void, ms: number): any, clear(id: any): void}} clock
 * @property {() => number} random
 * @property {import('./wakeups.js').Wakeups} wakeups
 * @property {(fn: () => void) => void} nextFrame
 * @property {() => string} newId
 * @property {(options: {user: number, since: number, epoch: string, onChange: () => void, inMemory: import('./outbox.js').Kept[]}) => Promise<import('./outbox.js').Outbox>} openOutbox
 * @property {LockManager|undefined} locks   absent on plain http and before Safari 15.4
 */

/** @returns {Parts} */
export function browserParts() {
  const { BroadcastChannel } = window;
  const clock = {
    now: () => Date.now(),
    set: (/** @type {() => void} */ fn, /** @type {number} */ ms) => setTimeout(fn, ms),
    clear: (/** @type {any} */ id) => clearTimeout(id),
  };
  const url = `${location.protocol === 'https:' ? 'wss' : 'ws'}://${location.host}${root}ws`;
  const fetch = window.fetch.bind(window);
  return {
    api: createApi(),
    url,
    WebSocketClass: WebSocket,
    roads: allRoads({ url, WebSocketClass: WebSocket, base: `${root}api/v1`, fetch, clock, memory: tabMemory() }),
    clock,
    random: Math.random,
    wakeups: browserWakeups(window),
    nextFrame,
    newId,
    openOutbox: (options) => openOutbox({ ...options, indexedDB: ifAllowed(() => window.indexedDB, undefined), BroadcastChannel }),
    locks: navigator.locks,
  };
}

/**
 * Which road worked, for as long as the tab lives: another day's network is another one.
 *
 * @returns {import('./transports/roads.js').Memory}
 */
function tabMemory() {
  const key = 'teahouse.road';
  return {
    recall: () => ifAllowed(() => JSON.parse(tabKept.get(key) || 'null'), null),
    remember: (taken) => tabKept.set(key, JSON.stringify(taken)),
  };
}

/**
 * With the next frame; a hidden page draws none, but counts its unread messages all the same.
 *
 * @param {() => void} fn
 */
function nextFrame(fn) {
  const once = () => {
    cancelAnimationFrame(frame);
    clearTimeout(limit);
    fn();
  };
  const frame = requestAnimationFrame(once);
  const limit = setTimeout(once, HIDDEN_FRAME_MS);
}

/** 128 random bits; `crypto.randomUUID` is missing on plain http, where a house in a LAN lives. */
function newId() {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
}
