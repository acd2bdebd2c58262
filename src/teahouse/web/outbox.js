/**
 * Messages that were written and not yet acknowledged, kept in IndexedDB so that closing the tab loses none. Keeps and
 * lists; when to send is sender.js's.
 *
 * Where the browser keeps nothing (a private window, a full disk) an outbox holds them in memory and says so by `durable`.
 */

import { ifAllowed } from './storage.js';

const OPEN_LIMIT_MS = 3000;
/** The code of words that were written in another life of the database: what was a room there may be another one here. */
export const OTHER_LIFE = 'other_life';
/** No epoch. */
const HELD = '';

/** @typedef {import('./types.js').OutboxItem} OutboxItem */
/** @typedef {OutboxItem & {epoch: string, n?: number}} Kept   `epoch`: in which life of the database it was written */

/**
 * The outbox of one person: user ids are given again in another life of the database, and with `since` they are not, so nobody
 * sends the words of others who used this browser. What was written in another epoch is kept, and sent only after `retry`.
 *
 * @param {Object} parts
 * @param {number} parts.user
 * @param {number} parts.since   when that user first came in, Unix ms
 * @param {string} parts.epoch
 * @param {IDBFactory} [parts.indexedDB]
 * @param {typeof globalThis.BroadcastChannel} [parts.BroadcastChannel]
 * @param {() => void} [parts.onChange]   another tab of this user added or removed something
 * @param {Kept[]} [parts.inMemory]   what could not be stored when this outbox was open before
 */
export async function openOutbox({ user, since, epoch, indexedDB, BroadcastChannel, onChange = () => {}, inMemory = [] }) {
  const name = `teahouse-outbox-${user}-${since}`;
  const database = await openDatabase(indexedDB, name).catch(() => null);
  const channel = BroadcastChannel ? ifAllowed(() => new BroadcastChannel(name), null) : null;
  if (channel) channel.onmessage = onChange;
  const outbox = new Outbox({ name, epoch, database, channel, inMemory });
  if (database && indexedDB) await adopt(outbox, indexedDB, `teahouse-outbox-${user}-${epoch}`).catch(() => {});
  return outbox;
}

export class Outbox {
  #epoch;
  #database;
  #channel;
  /** @type {Kept[]} */
  inMemory;

  /** @param {{name: string, epoch: string, database: IDBDatabase|null, channel: BroadcastChannel|null, inMemory: Kept[]}} parts */
  constructor({ name, epoch, database, channel, inMemory }) {
    this.name = name;
    this.durable = database !== null;
    this.inMemory = inMemory;
    this.#epoch = epoch;
    this.#database = database;
    this.#channel = channel;
  }

  /**
   * Resolves when the item is kept: on disk, or in memory where `durable` is then false.
   *
   * @param {OutboxItem} item
   */
  async add(item) {
    const kept = { ...item, epoch: this.#epoch };
    try {
      await this.#write((store) => store.add({ ...kept }));
    } catch {
      this.durable = false;
      this.inMemory.push(kept);
    }
  }

  /**
   * All items in order of adding, those of other tabs too.
   *
   * @returns {Promise<OutboxItem[]>}
   */
  async list() {
    const stored = await this.#stored().catch(() => /** @type {Kept[]} */ ([]));
    return stored.concat(this.inMemory).map((item) => this.#shown(item));
  }

  /**
   * @param {Kept} kept
   * @returns {OutboxItem}
   */
  #shown({ n: _, epoch, ...item }) {
    if (epoch === this.#epoch || item.state !== 'queued') return item;
    return { ...item, state: 'failed', code: OTHER_LIFE, words: '' };
  }

  /** @returns {Promise<Kept[]>} */
  async #stored() {
    if (!this.#database) return [];
    return outcome(this.#database.transaction('items').objectStore('items').getAll());
  }

  /** @param {string} clientId */
  async remove(clientId) {
    this.inMemory = this.inMemory.filter((item) => item.client_id !== clientId);
    await this.#change(clientId, (cursor) => cursor.delete());
  }

  /**
   * The server refused it for good; it stays, with the reason, until `retry` or `remove`.
   *
   * @param {string} clientId
   * @param {{code: string, words: string}} why
   */
  fail(clientId, { code, words }) {
    return this.#update(clientId, (item) => ({ ...item, state: 'failed', code, words }));
  }

  /** @param {string} clientId */
  retry(clientId) {
    return this.#update(clientId, ({ code: _, words: __, ...item }) => ({ ...item, state: 'queued', epoch: this.#epoch }));
  }

  /** All that is here was written in another life of the database, though that had the same epoch: a copy of it was put back. */
  async hold() {
    const held = (/** @type {Kept} */ item) => ({ ...item, epoch: HELD });
    this.inMemory = this.inMemory.map(held);
    const write = this.#write((store) => {
      const found = store.openCursor();
      found.onsuccess = () => {
        if (!found.result) return;
        found.result.update(held(found.result.value));
        found.result.continue();
      };
    });
    // Where that cannot be stored, this tab at least takes none of it for its own.
    await write.catch(() => (this.#epoch += '?'));
  }

  close() {
    if (this.#database) this.#database.close();
    if (this.#channel) this.#channel.close();
  }

  /**
   * @param {string} clientId
   * @param {(item: Kept) => Kept} how
   */
  async #update(clientId, how) {
    this.inMemory = this.inMemory.map((item) => (item.client_id === clientId ? how(item) : item));
    await this.#change(clientId, (cursor) => cursor.update(how(cursor.value)));
  }

  /**
   * @param {string} clientId
   * @param {(cursor: IDBCursorWithValue) => void} how
   */
  async #change(clientId, how) {
    const write = this.#write((store) => {
      const found = store.index('client_id').openCursor(clientId);
      found.onsuccess = () => {
        if (found.result) how(found.result);
      };
    });
    // What stays behind is sent once more, and answered as before.
    await write.catch(() => (this.durable = false));
  }

  /** @param {(store: IDBObjectStore) => void} work */
  async #write(work) {
    if (!this.#database) throw new Error('no database');
    // "strict" asks for the disk, not only the operating system's buffers (Indexed Database API 3.0, 2.7.1).
    const transaction = this.#database.transaction('items', 'readwrite', { durability: 'strict' });
    work(transaction.objectStore('items'));
    await committed(transaction);
    if (this.#channel) this.#channel.postMessage('changed');
  }
}

/**
 * @param {IDBFactory|undefined} indexedDB
 * @param {string} name
 * @returns {Promise<IDBDatabase>}
 */
function openDatabase(indexedDB, name) {
  return new Promise((resolve, reject) => {
    if (!indexedDB) throw new Error('no IndexedDB here');
    // Some browsers leave an open request unanswered in private windows; a person who writes must not wait for that.
    const limit = setTimeout(() => reject(new Error('IndexedDB does not open')), OPEN_LIMIT_MS);
    const opening = indexedDB.open(name, 1);
    opening.onupgradeneeded = () => {
      const items = opening.result.createObjectStore('items', { keyPath: 'n', autoIncrement: true });
      items.createIndex('client_id', 'client_id', { unique: true });
    };
    opening.onsuccess = () => {
      clearTimeout(limit);
      resolve(opening.result);
    };
    opening.onerror = () => {
      clearTimeout(limit);
      reject(opening.error);
    };
  });
}

/**
 * @template T
 * @param {IDBRequest<T>} request
 * @returns {Promise<T>}
 */
function outcome(request) {
  return new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });
}

/**
 * @param {IDBTransaction} transaction
 * @returns {Promise<void>}
 */
function committed(transaction) {
  return new Promise((resolve, reject) => {
    transaction.oncomplete = () => resolve();
    transaction.onabort = () => reject(transaction.error);
  });
}

/**
 * Take over what waits in an outbox that was named by user and epoch, as all were before they were by person, and let it go.
 * TODO: goes when nobody can come from such a page any more, a year after 0.1.0.
 *
 * @param {Outbox} outbox
 * @param {IDBFactory} indexedDB
 * @param {string} name
 */
async function adopt(outbox, indexedDB, name) {
  if (!(await indexedDB.databases()).some((known) => known.name === name)) return;
  const before = await openDatabase(indexedDB, name);
  const items = await outcome(before.transaction('items').objectStore('items').getAll());
  for (const { n: _, ...item } of items) await outbox.add(item);
  before.close();
  indexedDB.deleteDatabase(name);
}
