/**
 * What goes by plain HTTP with the face of a WebSocket: `send`, `close`, `onopen`, `onmessage`, `onclose`. The first thing sent is
 * the hello, which opens the stream; what follows goes by POST, one request after the other, so that it arrives in its order.
 *
 * A POST that fails is a cut: nobody knows whether it arrived, so all ends, and what was not answered is sent again elsewhere.
 */

/** Close codes of docs/protocol.md, for what a WebSocket would have said. */
const CUT = 1006;
const CODES = /** @type {Record<number, number>} */ ({ 401: 4001, 413: 1009, 429: 1013, 503: 1013 });
const TOO_MUCH = 429;
const MAX_COMMANDS = 100;
const MAX_BYTES = 60000;

/**
 * @typedef {Object} HttpParts
 * @property {string} base   where the API lies, such as `/api/v1`
 * @property {typeof globalThis.fetch} fetch
 * @property {{set(fn: () => void, ms: number): any}} clock
 * @property {{name: string}} before   the connection before this one, by name; replaced as soon as this one has its own
 */

export class HttpSocket {
  /** @type {(event: any) => void} */
  onopen = () => {};
  /** @type {(event: {data: any}) => void} */
  onmessage = () => {};
  /** @type {(event: {code: number}) => void} */
  onclose = () => {};
  name = '';
  isClosed = false;
  #parts;
  #abort = new AbortController();
  /** @type {string[]|null} */
  #waiting = null;
  #isCarrying = false;

  /** @param {HttpParts} parts */
  constructor(parts) {
    this.#parts = parts;
    queueMicrotask(() => this.isClosed || this.onopen({}));
  }

  /** @param {string} text   a command */
  send(text) {
    if (this.#waiting === null) {
      this.#waiting = [];
      this.follow(text).catch(() => this.end(CUT));
      return;
    }
    this.#waiting.push(text);
    this.#carry().catch(() => this.end(CUT));
  }

  close() {
    this.isClosed = true;
    this.#abort.abort();
  }

  /**
   * Open the stream with a hello and hand over what comes; resolves when it is over.
   *
   * @param {string} _hello
   * @returns {Promise<void>}
   */
  async follow(_hello) {
    throw new Error('a road says how it is followed');
  }

  /**
   * @param {'GET'|'POST'} method
   * @param {string} path
   * @param {string} [body]
   */
  ask(method, path, body) {
    const { base, fetch } = this.#parts;
    /** @type {Record<string, string>} */
    const headers = body === undefined ? {} : { 'Content-Type': 'application/json' };
    return fetch(base + path, { method, body, headers, credentials: 'same-origin', cache: 'no-store', signal: this.#abort.signal });
  }

  /** The query that ends this page's stream before, which the server may not know to be dead. */
  insteadOf() {
    const { before } = this.#parts;
    return before.name ? `?instead_of=${encodeURIComponent(before.name)}` : '';
  }

  /** @param {any} event */
  take(event) {
    if (this.isClosed) return;
    if (event.type === 'closed') return this.end(event.code);
    if (event.type !== 'opened') return this.onmessage({ data: event });
    this.name = this.#parts.before.name = event.connection;
    this.#carry().catch(() => this.end(CUT));
  }

  /** @param {number} status   of an answer that is no success */
  refused(status) {
    this.end(CODES[status] || CUT);
  }

  /** @param {number} code */
  end(code) {
    if (this.isClosed) return;
    this.close();
    this.onclose({ code });
  }

  async #carry() {
    if (this.#isCarrying || !this.name) return;
    this.#isCarrying = true;
    for (let batch = this.#nextBatch(); batch.length > 0 && !this.isClosed; batch = this.#nextBatch()) await this.#post(batch);
    this.#isCarrying = false;
  }

  /** @param {string[]} batch */
  async #post(batch) {
    const response = await this.ask('POST', `/connections/${this.name}`, `[${batch.join(',')}]`);
    if (response.ok) return;
    if (response.status !== TOO_MUCH) return this.refused(response.status);
    // Nothing of it was carried out: the server asks us to read first, or to slow down.
    this.#waiting?.unshift(...batch);
    await new Promise((resolve) => this.#parts.clock.set(() => resolve(undefined), waitMs(response)));
  }

  #nextBatch() {
    const waiting = this.#waiting || [];
    let bytes = 0;
    const fits = waiting.findIndex((text, index) => index >= MAX_COMMANDS || (bytes += byteLength(text)) > MAX_BYTES);
    return waiting.splice(0, fits === -1 ? waiting.length : Math.max(1, fits));
  }
}

/** @param {Response} response */
function waitMs(response) {
  return Math.max(1, Number(response.headers.get('Retry-After')) || 1) * 1000;
}

/** @param {string} text */
function byteLength(text) {
  return new TextEncoder().encode(text).length;
}
