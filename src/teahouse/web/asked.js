/** Requests that wait for their answer, by the id of the command. */
import { Refusal, disconnected, tooLong } from './refusal.js';

export class Asked {
  /** @type {Map<number, {resolve: (result: any) => void, reject: (refusal: Refusal) => void, length: number}>} */
  #waiting = new Map();

  /**
   * @param {number} id
   * @param {number} length   of the command
   * @returns {Promise<any>}
   */
  wait(id, length) {
    return new Promise((resolve, reject) => this.#waiting.set(id, { resolve, reject, length }));
  }

  /** @param {number} id */
  has(id) {
    return this.#waiting.has(id);
  }

  /** @param {any} event   `ok` or `error` */
  answer(event) {
    const asked = this.#waiting.get(event.id);
    this.#waiting.delete(event.id);
    if (!asked) return;
    if (event.type === 'ok') asked.resolve(event.result);
    else asked.reject(new Refusal(event));
  }

  /** Refuse the longest for its length: the server closes because of it, and would each time that it is sent again. */
  refuseLongest() {
    const [longest] = [...this.#waiting].sort(([, one], [, other]) => other.length - one.length);
    if (!longest) return;
    this.#waiting.delete(longest[0]);
    longest[1].reject(tooLong());
  }

  /** Refuse them all as disconnected: whether they were carried out is unknown. */
  drop() {
    const waiting = [...this.#waiting.values()];
    this.#waiting.clear();
    for (const { reject } of waiting) reject(disconnected());
  }
}
