/** A few timers by name, one at a time of each: setting one anew forgets what it was set to before. */

/** @typedef {{now(): number, set(fn: () => void, ms: number): any, clear(id: any): void}} Clock */

/** @template {string} Name */
export class Timers {
  #clock;
  /** @type {Map<Name, any>} */
  #running = new Map();

  /** @param {Clock} clock */
  constructor(clock) {
    this.#clock = clock;
  }

  /**
   * @param {Name} name
   * @param {() => void} fn
   * @param {number} ms
   */
  set(name, fn, ms) {
    this.clear(name);
    this.#running.set(name, this.#clock.set(fn, ms));
  }

  /** Whether it was set and not cleared since. @param {Name} name */
  has(name) {
    return this.#running.has(name);
  }

  /** @param {Name} name */
  clear(name) {
    this.#clock.clear(this.#running.get(name));
    this.#running.delete(name);
  }

  clearAll() {
    for (const name of [...this.#running.keys()]) this.clear(name);
  }
}
