/**
 * Messages that were written and not yet acknowledged, kept in IndexedDB so that closing the tab loses none. Keeps and
 * lists; when to send is sender.js's.
 *
 * Where the browser keeps nothing (a private window, a full disk) an outbox holds them in memory and says so by `durable`.
 */

const OPEN_LIMIT_MS = 3000;

/** @typedef {import('./types.js').OutboxItem} OutboxItem */

/**
 * The outbox of one user in one life of the database: the name keeps others who use this browser from sending their words,
 * and a restored backup, which may have given their id to someone else, from storing them.
 *
 * @param {Object} parts
 * @param {number} parts.user
 * @param {string} parts.epoch
 * @param {IDBFactory} [parts.indexedDB]
 * @param {typeof globalThis.BroadcastChannel} [parts.BroadcastChannel]
 * @param {() => void} [parts.onChange]   another tab of this user added or removed something
 */
export async function openOutbox({ user, epoch, indexedDB, BroadcastChannel, onChange = () => {} }) {
  const name = `teahouse-outbox-${user}-${epoch}`;
  const database = await openDatabase(indexedDB, name).catch(() => null);
  const channel = BroadcastChannel ? new BroadcastChannel(name) : null;
  if (channel) channel.onmessage = onChange;
  return new Outbox(name, database, channel);
}

export class Outbox {
  #database;
  #channel;
  /** @type {OutboxItem[]} */
  #inMemory = [];

  /**
   * @param {string} name
   * @param {IDBDatabase|null} database
   * @param {BroadcastChannel|null} channel
   */
  constructor(name, database, channel) {
    this.name = name;
    this.durable = database !== null;
    this.#database = database;
    this.#channel = channel;
  }

  /**
   * Resolves when the item is kept: on disk, or in memory where `durable` is then false.
   *
   * @param {OutboxItem} item
   */
  async add(item) {
    try {
      await this.#write((store) => store.add({ ...item }));
    } catch {
      this.durable = false;
      this.#inMemory.push(item);
    }
  }

  /**
   * All items in order of adding, those of other tabs too.
   *
   * @returns {Promise<OutboxItem[]>}
   */
  async list() {
    const stored = await this.#stored().catch(() => []);
    return stored.map(({ n: _, ...item }) => item).concat(this.#inMemory);
  }

  /** @returns {Promise<any[]>} */
  async #stored() {
    if (!this.#database) return [];
    return outcome(this.#database.transaction('items').objectStore('items').getAll());
  }

  /** @param {string} clientId */
  async remove(clientId) {
    this.#inMemory = this.#inMemory.filter((item) => item.client_id !== clientId);
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
    return this.#update(clientId, ({ code: _, words: __, ...item }) => ({ ...item, state: 'queued' }));
  }

  close() {
    if (this.#database) this.#database.close();
    if (this.#channel) this.#channel.close();
  }

  /**
   * @param {string} clientId
   * @param {(item: OutboxItem) => OutboxItem} how
   */
  async #update(clientId, how) {
    this.#inMemory = this.#inMemory.map((item) => (item.client_id === clientId ? how(item) : item));
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
