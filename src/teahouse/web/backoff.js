/**
 * How long to wait before the next try: exponential, with full jitter, so that a house full of pages does not come back in
 * step after a restart ("Exponential Backoff And Jitter", AWS Architecture Blog).
 */

const FIRST_MS = 500;
const LONGEST_MS = 30000;

/**
 * @param {number} attempts   tries that failed so far, in a row
 * @param {number} random     from 0 up to 1
 */
export function backoffMs(attempts, random) {
  return Math.min(LONGEST_MS, FIRST_MS * 2 ** attempts) * random;
}
