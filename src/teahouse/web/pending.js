/**
 * The rows of messages under way: what the outbox keeps, until the message itself is in the state. Opens the outbox of
 * whoever is signed in and owns its sender.
 *
 * A message may be known as stored in either order: its entry before the `ok`, or the `ok` before its entry. In both its row
 * goes exactly when its entry is there, so that nobody sees it twice or not at all.
 */
import { Sender } from './sender.js';

/** @typedef {import('./types.js').OutboxItem} OutboxItem */
/** @typedef {import('./types.js').State} State */
/** @typedef {import('./outbox.js').Outbox} Outbox */
/** @typedef {{user: number, since: number, epoch: string, life: number}} Whose   as the State has them */

export class Pending {
  #parts;
  /** @type {Promise<{outbox: Outbox, sender: Sender}>|null} */
  #opened = null;
  /** @type {Whose|null} */
  #whose = null;
  /** Stored, as the `ok` said; the entry is still to come. @type {Map<string, {item: OutboxItem, seq: number}>} */
  #awaited = new Map();
  /** Client ids whose message is in the state; they may be in the outbox for a moment longer. @type {Set<string>} */
  #settled = new Set();
  #readings = 0;
  /** @type {OutboxItem[]} */
  #rows = [];

  /**
   * @param {Object} parts
   * @param {(options: {user: number, since: number, epoch: string, onChange: () => void, inMemory: import('./outbox.js').Kept[]}) => Promise<Outbox>} parts.openOutbox
   * @param {(items: OutboxItem[]) => void} parts.onItems
   * @param {(durable: boolean) => void} parts.onDurable
   * @param {() => State} parts.getState
   * @param {(command: any) => Promise<any>} parts.request
   * @param {() => boolean} parts.isOpen
   * @param {{set(fn: () => void, ms: number): any}} parts.clock
   * @param {LockManager} [parts.locks]
   */
  constructor(parts) {
    this.#parts = parts;
  }

  /**
   * Open the outbox of this user, unless it is, and send what waits in it and was written in this life of the database.
   *
   * @param {Whose} whose
   */
  async open(whose) {
    const { user, since, epoch, life } = whose;
    const isSame = this.#whose?.user === user && this.#whose.since === since;
    if (!isSame || this.#whose?.epoch !== epoch || this.#whose.life !== life) {
      const before = isSame ? this.#opened : null;
      this.close();
      this.#whose = whose;
      this.#opened = this.#openFor(whose, before);
      await this.refresh();
    }
    await this.kick();
  }

  close() {
    const opened = this.#opened;
    this.#opened = null;
    this.#whose = null;
    this.#awaited.clear();
    this.#settled.clear();
    this.#readings += 1;
    this.#parts.onItems([]);
    if (opened) opened.then(({ outbox, sender }) => (sender.stop(), outbox.close()));
  }

  async kick() {
    if (this.#opened) await (await this.#opened).sender.kick();
  }

  /**
   * Resolves when the item is kept and its row is drawn.
   *
   * @param {OutboxItem} item
   */
  async add(item) {
    await this.#write((outbox) => outbox.add(item));
  }

  /** @param {string} clientId */
  retry(clientId) {
    return this.#write((outbox) => outbox.retry(clientId));
  }

  /** @param {string} clientId */
  discard(clientId) {
    return this.#write((outbox) => outbox.remove(clientId));
  }

  /**
   * Look at the state after events came in; `clientIds` are those of own messages among them.
   *
   * @param {string[]} clientIds
   */
  settle(clientIds) {
    const { cursors } = this.#parts.getState();
    const done = [...this.#awaited.values()]
      .filter(({ item, seq }) => cursors[item.room] === undefined || cursors[item.room] >= seq)
      .map(({ item }) => item.client_id)
      .concat(clientIds);
    if (done.length === 0 || !this.#opened) return;
    for (const id of done) {
      this.#settled.add(id);
      this.#awaited.delete(id);
    }
    this.#hideSettled();
    this.#opened.then(({ outbox }) => clientIds.forEach((id) => outbox.remove(id)));
  }

  /** Read the outbox again and draw its rows. */
  async refresh() {
    if (!this.#opened) return;
    const reading = (this.#readings += 1);
    const { outbox, sender } = await this.#opened;
    const kept = await outbox.list();
    if (reading !== this.#readings) return;
    const awaited = [...this.#awaited.values()].map(({ item }) => item);
    const rows = kept.filter((item) => !this.#awaited.has(item.client_id)).map((item) => asSeen(item, sender));
    this.#rows = awaited.concat(rows);
    this.#hideSettled();
    this.#parts.onDurable(outbox.durable);
  }

  #hideSettled() {
    this.#rows = this.#rows.filter((item) => !this.#settled.has(item.client_id));
    this.#parts.onItems(this.#rows);
  }

  /**
   * @param {Whose} whose
   * @param {Promise<{outbox: Outbox}>|null} before   the same person's, as it was open until now
   */
  async #openFor({ user, since, epoch, life }, before) {
    const { openOutbox, request, isOpen, clock, locks } = this.#parts;
    const onChange = () => void this.refresh();
    const inMemory = before ? (await before).outbox.inMemory : [];
    const outbox = await openOutbox({ user, since, epoch, onChange, inMemory });
    if (life > 0) await outbox.hold();
    const sender = new Sender({
      outbox, request, isOpen, clock, locks, onChange, onStored: (item, { seq }) => this.#stored(item, seq),
    });
    return { outbox, sender };
  }

  /**
   * @param {OutboxItem} item
   * @param {number} seq
   */
  #stored(item, seq) {
    if (!this.#settled.has(item.client_id)) this.#awaited.set(item.client_id, { item: { ...item, state: 'sent' }, seq });
    this.settle([]);
  }

  /** @param {(outbox: Outbox) => Promise<void>} work */
  async #write(work) {
    if (!this.#opened) throw new Error('nobody is signed in');
    const { outbox, sender } = await this.#opened;
    await work(outbox);
    await this.refresh();
    void sender.kick();
  }
}

/**
 * @param {OutboxItem} item
 * @param {Sender} sender
 * @returns {OutboxItem}
 */
function asSeen(item, sender) {
  return sender.underWay.has(item.client_id) ? { ...item, state: 'sent' } : item;
}
