/** Requests that wait for their answer, by the id of the command. */
import { Refusal, disconnected } from './refusal.js';

export class Asked {
  /** @type {Map<number, {resolve: (result: any) => void, reject: (refusal: Refusal) => void}>} */
  #waiting = new Map();

  /**
   * @param {number} id
   * @returns {Promise<any>}
   */
  wait(id) {
    return new Promise((resolve, reject) => this.#waiting.set(id, { resolve, reject }));
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

  /** Refuse them all as disconnected: whether they were carried out is unknown. */
  drop() {
    const waiting = [...this.#waiting.values()];
    this.#waiting.clear();
    for (const { reject } of waiting) reject(disconnected());
  }
}
