/**
 * What a page says about its reader while they only look and type: how far they have read, and that they are typing. Both
 * may be asked for at every scroll and key; this decides what is sent.
 */

const READ_AFTER_MS = 500;
const TYPING_EVERY_MS = 3000;

/** @typedef {import('./types.js').State} State */

export class ReadMarks {
  #parts;
  /** Marks that the server has not acknowledged. @type {Map<number, number>} */
  #wanted = new Map();
  #isPlanned = false;

  /**
   * @param {Object} parts
   * @param {(command: any) => Promise<any>} parts.request
   * @param {() => State} parts.getState
   * @param {{set(fn: () => void, ms: number): any}} parts.clock
   */
  constructor(parts) {
    this.#parts = parts;
  }

  /**
   * @param {number} room
   * @param {number} seq
   */
  mark(room, seq) {
    const { rooms } = this.#parts.getState();
    const known = rooms[room] ? Math.max(rooms[room].read, this.#wanted.get(room) || 0) : Infinity;
    if (seq <= known) return;
    this.#wanted.set(room, seq);
    if (this.#isPlanned) return;
    this.#isPlanned = true;
    this.#parts.clock.set(() => this.send(), READ_AFTER_MS);
  }

  /** Send every mark that is not acknowledged; also after a reconnect. */
  send() {
    this.#isPlanned = false;
    for (const [room, seq] of this.#wanted) {
      const done = () => {
        if (this.#wanted.get(room) === seq) this.#wanted.delete(room);
      };
      // A mark whose answer was lost is sent again after the next welcome; a refused one is given up.
      this.#parts.request({ type: 'read', room, seq }).then(done, (refusal) => refusal.code === 'disconnected' || done());
    }
  }

  forget() {
    this.#wanted.clear();
  }
}

export class TypingSigns {
  #parts;
  /** When each room was last told. @type {Map<number, number>} */
  #told = new Map();

  /**
   * @param {Object} parts
   * @param {(command: any) => void} parts.tell
   * @param {{now(): number}} parts.clock
   */
  constructor(parts) {
    this.#parts = parts;
  }

  /** @param {number} room */
  sign(room) {
    const now = this.#parts.clock.now();
    const told = this.#told.get(room);
    if (told !== undefined && now - told < TYPING_EVERY_MS) return;
    this.#told.set(room, now);
    this.#parts.tell({ type: 'typing', room });
  }

  /** Their message is out: the next key is news again. @param {number} room */
  posted(room) {
    this.#told.delete(room);
  }
}
