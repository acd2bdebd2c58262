/** The stream as Server-Sent Events. By `fetch` and not by `EventSource`, which hides why it was refused and comes back by itself. */
import { HttpSocket } from './http_socket.js';

const DATA = 'data: ';

export class EventsSocket extends HttpSocket {
  /** @param {string} hello */
  async follow(hello) {
    const response = await this.ask('POST', `/events${this.insteadOf()}`, hello);
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
}
