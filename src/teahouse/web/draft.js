/**
 * Copy on first write: a batch of changes to an immutable state copies each object and list that it touches once, and
 * shares the rest with the state before. Knows nothing of what the state means.
 */

export class Draft {
  #owned = new WeakSet();
  #root;

  /** @param {import('./types.js').State} state */
  constructor(state) {
    this.#root = { state };
  }

  /** The state as it is now, for reading. The very same object as before while nothing was written. */
  get state() {
    return this.#root.state;
  }

  /** The state, for writing its own fields. */
  write() {
    return this.own(this.#root, 'state');
  }

  /**
   * `parent[key]`, for writing; copied unless this draft did so before. The caller owns `parent`.
   *
   * @template {object} P
   * @template {keyof P} K
   * @param {P} parent
   * @param {K} key
   * @returns {P[K]}
   */
  own(parent, key) {
    const value = /** @type {any} */ (parent[key]);
    if (this.#owned.has(value)) return value;
    const copy = Array.isArray(value) ? value.slice() : { ...value };
    this.#owned.add(copy);
    parent[key] = copy;
    return copy;
  }

  /**
   * A room, for writing; undefined where there is none.
   *
   * @param {number} id
   * @returns {import('./types.js').RoomState|undefined}
   */
  room(id) {
    return this.state.rooms[id] && this.own(this.own(this.write(), 'rooms'), id);
  }
}
