/** The server's side of the roads without a WebSocket: a `fetch` whose answers the test gives by hand. */
import { settled } from './clock.js';

export class PlainHttp {
  /** Requests in their order: {method, path, body, answer(status, json), fail(), events(...)}. */
  asked = [];

  fetch = (url, { method, body, signal }) =>
    new Promise((resolve, reject) => {
      const request = { method, path: url, body: body && JSON.parse(body), isAborted: false };
      request.answer = (status, json, headers = {}) => {
        resolve(new Response(json === undefined ? null : JSON.stringify(json), { status, headers }));
        return settled();
      };
      request.fail = () => (reject(new TypeError('Failed to fetch')), settled());
      request.stream = () => new Stream(resolve);
      signal.addEventListener('abort', () => {
        request.isAborted = true;
        reject(new DOMException('aborted', 'AbortError'));
      });
      this.asked.push(request);
    });

  get last() {
    return this.asked[this.asked.length - 1];
  }
}

/** An answer that goes on. */
class Stream {
  #controller;

  constructor(resolve) {
    const body = new ReadableStream({ start: (controller) => (this.#controller = controller) });
    resolve(new Response(body, { status: 200 }));
  }

  /** Bytes as they are, however they are cut. */
  bytes(octets) {
    this.#controller.enqueue(octets);
    return settled();
  }

  say(...events) {
    return this.bytes(new TextEncoder().encode(events.map((event) => `data: ${JSON.stringify(event)}\n\n`).join('')));
  }

  end() {
    this.#controller.close();
    return settled();
  }
}
