/** The stream as Server-Sent Events. By `fetch` and not by `EventSource`, which hides why it was refused and comes back by itself. */
import { HttpSocket } from './http_socket.js';

const DATA = 'data: ';
/** Far below what servers and proxies take of an address. */
const MAX_QUERY = 4000;

export class EventsSocket extends HttpSocket {
  /** @param {string} hello */
  async follow(hello) {
    const response = await this.#open(hello);
    if (!response.ok || !response.body) return this.refused(response.status);
    const reader = response.body.getReader();
    const decoder = new TextDecoder();
    let rest = '';
    for (let part = await reader.read(); !part.done; part = await reader.read()) {
      const lines = (rest + decoder.decode(part.value, { stream: true })).split('\n');
      rest = lines.pop() || '';
      for (const line of lines) if (line.startsWith(DATA)) this.take(JSON.parse(line.slice(DATA.length)));
    }
    this.refused(0);
  }

  /**
   * By GET where the hello fits into an address: some proxies cut a POST's answer that goes on, see docs/protocol.md.
   *
   * @param {string} hello
   */
  #open(hello) {
    const { id, epoch, cursors } = JSON.parse(hello);
    const query = new URLSearchParams(this.insteadOf());
    query.set('id', id);
    if (epoch) query.set('epoch', epoch);
    if (cursors) query.set('cursors', JSON.stringify(cursors));
    const address = `/events?${query}`;
    return address.length > MAX_QUERY ? this.ask('POST', `/events${this.insteadOf()}`, hello) : this.ask('GET', address);
  }
}
