/** The stream by long polling: each answer has a number, and one that got lost is asked for again under the same. */
import { HttpSocket } from './http_socket.js';

const TRIES = 3;

export class PollsSocket extends HttpSocket {
  /** @param {string} hello */
  async follow(hello) {
    let response = await this.ask('POST', `/polls${this.insteadOf()}`, hello);
    while (response.ok && !this.isClosed) {
      const { batch, events } = await response.json();
      for (const event of events) this.take(event);
      if (this.isClosed) return;
      response = await this.#next(batch + 1);
    }
    this.refused(response.status);
  }

  /** @param {number} number */
  async #next(number) {
    for (let tries = 1; tries < TRIES && !this.isClosed; tries++) {
      const response = await this.ask('GET', `/polls/${this.name}/${number}`).catch(() => null);
      if (response && response.status < 500) return response;
    }
    return this.ask('GET', `/polls/${this.name}/${number}`);
  }
}
