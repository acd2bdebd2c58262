/**
 * How long to wait before the next try: exponential, with full jitter, so that a house full of pages does not come back in
 * step after a restart ("Exponential Backoff And Jitter", AWS Architecture Blog).
 *
 * A house that was there a moment ago is soon back, and nobody should sit before a page that sleeps when it is: the bound is
 * short for some minutes, and long for a house that is away for good, or asks to be left alone.
 */

const FIRST_MS = 500;
const LONGEST_MS = 30000;
const LONGEST_WHILE_RECENT_MS = 10000;
const RECENT_MS = 5 * 60000;
/** As many tries as lead to the longest wait. */
const SLOW_TRIES = 6;

export class Backoff {
  #tries = 0;
  #thereAt = -Infinity;
  #isSlow = false;

  /** The house was there, at this time in ms. @param {number} now */
  there(now) {
    this.#thereAt = now;
  }

  /** It held for a good while: the next failure is a first one. */
  begin() {
    this.#tries = 0;
  }

  /** The house said that it has no room. */
  slowDown() {
    this.#isSlow = true;
    this.#tries = Math.max(this.#tries, SLOW_TRIES);
  }

  /**
   * Count a try that failed; return how many ms to wait.
   *
   * @param {number} now      in ms
   * @param {number} random   from 0 up to 1
   */
  failed(now, random) {
    const isRecent = now - this.#thereAt < RECENT_MS && !this.#isSlow;
    const longest = isRecent ? LONGEST_WHILE_RECENT_MS : LONGEST_MS;
    this.#isSlow = false;
    return Math.min(longest, FIRST_MS * 2 ** this.#tries++) * random;
  }
}
