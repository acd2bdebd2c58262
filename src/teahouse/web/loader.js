/**
 * Asks for pages of messages, each only once at a time, until one comes that can join the state.
 */
import { usable } from './fold.js';
import { Refusal } from './refusal.js';

const PAGE_MESSAGES = 50;
const TRIES = 5;

/** @typedef {import('./timeline.js').Mode} Mode */

export class Loader {
  #parts;
  /** @type {Map<string, Promise<void>>} */
  #underWay = new Map();

  /**
   * @param {Object} parts
   * @param {(command: any) => Promise<any>} parts.request
   * @param {() => import('./types.js').State} parts.getState   up to date with everything heard
   * @param {(event: any) => void} parts.apply
   */
  constructor(parts) {
    this.#parts = parts;
  }

  /**
   * Resolves when the page is in the state.
   *
   * @param {number} room
   * @param {Mode} mode
   * @param {number} [at]   the seq that the mode starts from; none for `latest`
   */
  load(room, mode, at) {
    const key = `${room} ${mode} ${at}`;
    const known = this.#underWay.get(key);
    if (known) return known;
    const loading = this.#load(room, mode, at).finally(() => this.#underWay.delete(key));
    this.#underWay.set(key, loading);
    return loading;
  }

  /**
   * @param {number} room
   * @param {Mode} mode
   * @param {number} [at]
   */
  async #load(room, mode, at) {
    const { request, getState, apply } = this.#parts;
    const where = mode === 'latest' ? {} : { [mode]: at };
    for (let tries = 0; tries < TRIES; tries++) {
      const page = await request({ type: 'page', room, limit: PAGE_MESSAGES, ...where });
      if (!usable(getState(), room, page.head)) continue;
      apply({ type: 'page_loaded', page, mode, at });
      return;
    }
    throw new Refusal({ code: 'unavailable', words: 'the room moves too fast to be read now', retry: true });
  }
}
