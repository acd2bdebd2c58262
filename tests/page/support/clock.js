/** A clock that stands still until a test moves it. */

export class HandClock {
  #now = 1_700_000_000_000;
  #timers = new Map();
  #last = 0;

  now = () => this.#now;

  set = (fn, ms) => {
    this.#timers.set(++this.#last, { fn, at: this.#now + ms });
    return this.#last;
  };

  clear = (id) => this.#timers.delete(id);

  /** Let `ms` pass: each timer that falls due runs at its own moment, and what it set off is done before the next. */
  async advance(ms) {
    const end = this.#now + ms;
    await settled();
    for (let due = this.#next(end); due; due = this.#next(end)) {
      const [id, { fn, at }] = due;
      this.#timers.delete(id);
      this.#now = at;
      fn();
      await settled();
    }
    this.#now = end;
  }

  #next(end) {
    return [...this.#timers].filter(([, { at }]) => at <= end).sort(([, a], [, b]) => a.at - b.at)[0];
  }
}

/** Resolves when promises and the fake IndexedDB's tasks have come to rest: several turns of the event loop. */
export async function settled() {
  for (let turns = 0; turns < 20; turns++) await new Promise((resolve) => setImmediate(resolve));
}

/** Resolves when `condition` holds; for work whose number of turns is no test's business. */
export async function until(condition) {
  for (let turns = 0; turns < 5000 && !condition(); turns++) await new Promise((resolve) => setImmediate(resolve));
  if (!condition()) throw new Error(`never came true: ${condition}`);
}
