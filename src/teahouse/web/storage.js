/**
 * What the browser keeps for a page, which it may forbid or have no room for: merely looking at it throws where cookies are blocked.
 * All of the page's storage is reached through here; what cannot be stored lasts as long as the page.
 */

/**
 * @template T, U
 * @param {() => T} touch
 * @param {U} otherwise
 * @returns {T|U}
 */
export function ifAllowed(touch, otherwise) {
  try {
    return touch();
  } catch {
    return otherwise;
  }
}

export class Kept {
  #open;
  /** What could not be stored. @type {Map<string, string>} */
  #untilClosed = new Map();

  /** @param {() => Storage} open */
  constructor(open) {
    this.#open = open;
  }

  /** @param {string} key */
  get(key) {
    return this.#untilClosed.get(key) ?? ifAllowed(() => this.#open().getItem(key), null);
  }

  /**
   * @param {string} key
   * @param {string|null} value   null forgets it
   */
  set(key, value) {
    this.#untilClosed.delete(key);
    const store = () => (value === null ? this.#open().removeItem(key) : this.#open().setItem(key, value));
    const isStored = ifAllowed(() => (store(), true), false);
    if (!isStored && value !== null) this.#untilClosed.set(key, value);
  }

  /** @returns {string[]} */
  keys() {
    return [...this.#untilClosed.keys(), ...ifAllowed(() => Object.keys(this.#open()), [])];
  }
}

/** Of this browser. */
export const browserKept = new Kept(() => globalThis.localStorage);
/** Of this tab. */
export const tabKept = new Kept(() => globalThis.sessionStorage);
