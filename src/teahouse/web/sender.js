/**
 * Sends what the outbox keeps: each room in order of writing, one message under way per room, so that a refusal that is
 * worth a retry cannot be overtaken by what was written after it. Rooms do not wait for each other.
 *
 * Two tabs may send the same message; its client_id makes that harmless. Where the browser has Web Locks only one tab at a
 * time sends for a room, to spare the work.
 */

const RETRY_MS = 2000;
const LOCK_PATIENCE_MS = 5000;
const CANNOT_NOW = ['disconnected', 'not_signed_in'];

/** @typedef {import('./types.js').OutboxItem} OutboxItem */

export class Sender {
  #parts;
  /** Rooms with a run under way; true when something was added since it last looked. @type {Map<number, boolean>} */
  #running = new Map();
  #stopped = false;
  /** Client ids under way. @type {Set<string>} */
  underWay = new Set();

  /**
   * @param {Object} parts
   * @param {Pick<import('./outbox.js').Outbox, 'name'|'list'|'remove'|'fail'>} parts.outbox
   * @param {(command: any) => Promise<any>} parts.request
   * @param {() => boolean} parts.isOpen
   * @param {(item: OutboxItem, stored: import('./types.js').Stored) => void} parts.onStored   before it leaves the outbox
   * @param {() => void} parts.onChange   a row reads differently now
   * @param {{set(fn: () => void, ms: number): any}} parts.clock
   * @param {LockManager} [parts.locks]
   */
  constructor(parts) {
    this.#parts = parts;
  }

  /** Send whatever waits. Call when something was added and when the connection opens. */
  async kick() {
    const { outbox, isOpen } = this.#parts;
    if (!isOpen()) return;
    const rooms = new Set((await outbox.list()).filter(isQueued).map((item) => item.room));
    for (const room of rooms) {
      if (this.#running.has(room)) this.#running.set(room, true);
      else this.#run(room);
    }
  }

  /** Begin nothing new; what is under way is answered or not. */
  stop() {
    this.#stopped = true;
  }

  /** @param {number} room */
  async #run(room) {
    const { outbox, locks } = this.#parts;
    this.#running.set(room, false);
    const release = await this.#lock(locks, `${outbox.name}-${room}`);
    try {
      do this.#running.set(room, false);
      while ((await this.#sendNext(room)) || this.#running.get(room));
    } finally {
      this.#running.delete(room);
      release();
    }
  }

  /**
   * @param {number} room
   * @returns {Promise<boolean>}   whether to go on
   */
  async #sendNext(room) {
    const { outbox, isOpen } = this.#parts;
    const item = (await outbox.list()).find((one) => one.room === room && isQueued(one));
    if (!item || this.#stopped || !isOpen()) return false;
    const refusal = await this.#send(item);
    if (!refusal) return true;
    if (CANNOT_NOW.includes(refusal.code)) return false;
    if (refusal.retry) await this.#wait(refusal.retryAfterMs || RETRY_MS);
    else await outbox.fail(item.client_id, refusal);
    this.#parts.onChange();
    return true;
  }

  /**
   * @param {OutboxItem} item
   * @returns {Promise<import('./refusal.js').Refusal|null>}
   */
  async #send(item) {
    const { outbox, request, onStored, onChange } = this.#parts;
    const { room, text, client_id, reply_to } = item;
    this.underWay.add(client_id);
    onChange();
    let stored;
    try {
      stored = await request({ type: 'post', room, text, client_id, reply_to });
    } catch (/** @type {any} */ refusal) {
      this.underWay.delete(client_id);
      onChange();
      return refusal;
    }
    // From here on it is on the server's disk, and no fault of ours may call it refused.
    try {
      onStored(item, stored);
      await outbox.remove(client_id);
      return null;
    } finally {
      this.underWay.delete(client_id);
      onChange();
    }
  }

  /** @param {number} ms */
  #wait(ms) {
    return new Promise((resolve) => this.#parts.clock.set(() => resolve(undefined), ms));
  }

  /**
   * Wait for the lock, but not for ever: a tab that the system put to sleep may hold it.
   *
   * @param {LockManager|undefined} locks
   * @param {string} name
   * @returns {Promise<() => void>}   call to let the next one in
   */
  async #lock(locks, name) {
    let release = () => {};
    if (!locks) return release;
    const released = new Promise((resolve) => (release = () => resolve(undefined)));
    const granted = new Promise((resolve) => {
      locks.request(name, () => {
        resolve(undefined);
        return released;
      }).catch(resolve);
    });
    await Promise.race([granted, this.#wait(LOCK_PATIENCE_MS)]);
    return release;
  }
}

/** @param {OutboxItem} item */
function isQueued(item) {
  return item.state === 'queued';
}
