/**
 * Asks how rooms stand after a reset, which tells where their stream goes on but not what is unread, until it is known.
 */
import { usable } from './fold.js';

const TRIES = 5;

export class Recounter {
  #parts;
  /** @type {Set<number>} */
  #wanted = new Set();
  #isAsking = false;

  /**
   * @param {Object} parts
   * @param {() => Promise<import('./types.js').Standing[]>} parts.standings
   * @param {() => import('./types.js').State} parts.getState   up to date with everything heard
   * @param {(event: any) => void} parts.apply
   */
  constructor(parts) {
    this.#parts = parts;
  }

  /** @param {number} room */
  want(room) {
    this.#wanted.add(room);
  }

  forget() {
    this.#wanted.clear();
  }

  /** Ask for what is wanted. What does not come is asked for again with the next call. */
  async ask() {
    if (this.#isAsking) return;
    this.#isAsking = true;
    try {
      for (let tries = 0; tries < TRIES && this.#wanted.size > 0; tries++) this.#take(await this.#parts.standings());
    } catch {
      // The server is not reached; after the next welcome it is.
    } finally {
      this.#isAsking = false;
    }
  }

  /** @param {import('./types.js').Standing[]} standings */
  #take(standings) {
    const { getState, apply } = this.#parts;
    const mine = new Map(standings.map((standing) => [standing.room.id, standing]));
    for (const room of this.#wanted) {
      const standing = mine.get(room);
      const isTooOld = standing && !usable(getState(), room, standing.head);
      if (!isTooOld) this.#wanted.delete(room);
      if (standing && !isTooOld) apply({ type: 'recounted', standing });
    }
  }
}
