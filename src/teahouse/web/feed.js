/**
 * Brings events to the fold in batches, one per frame, so that a thousand messages that arrive together are drawn once.
 */
import { applyAll } from './fold.js';
import { REPLY_SHOWN_MS } from './replies.js';

/** Events that end by themselves, and when a look at the clock finds them over. @type {Record<string, number>} */
const SHOWN_MS = { typing: 5001, reply_begin: REPLY_SHOWN_MS + 1 };

/** @typedef {import('./types.js').State} State */

export class Feed {
  #parts;
  /** @type {any[]} */
  #waiting = [];
  #isPlanned = false;

  /**
   * @param {Object} parts
   * @param {() => State} parts.getState
   * @param {(state: State, events: any[]) => void} parts.onState   called once per batch, with what was in it
   * @param {(fn: () => void) => void} parts.nextFrame
   * @param {{now(): number, set(fn: () => void, ms: number): any}} parts.clock
   */
  constructor(parts) {
    this.#parts = parts;
  }

  /** Apply with the next frame. @param {any} event */
  hear(event) {
    this.#waiting.push(event.type in SHOWN_MS ? this.#stamped(event) : event);
    if (this.#isPlanned) return;
    this.#isPlanned = true;
    this.#parts.nextFrame(() => this.flush());
  }

  /** Apply now, after everything heard before. @param {any} event */
  apply(event) {
    this.#waiting.push(event);
    this.flush();
  }

  flush() {
    this.#isPlanned = false;
    if (this.#waiting.length === 0) return;
    const events = this.#waiting;
    this.#waiting = [];
    this.#parts.onState(applyAll(this.#parts.getState(), events), events);
  }

  /** @param {any} event */
  #stamped(event) {
    const { clock } = this.#parts;
    clock.set(() => this.hear({ type: 'tick', now: clock.now() }), SHOWN_MS[event.type]);
    return { ...event, now: clock.now() };
  }
}
