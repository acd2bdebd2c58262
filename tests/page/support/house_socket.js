/** The server's side of one page's socket: speaks docs/protocol.md for a House, and follows the logs that the page holds. */

export class HouseSocket {
  isClosed = false;
  #house;
  #followed = new Set();
  #held = [];

  constructor(house) {
    this.#house = house;
    queueMicrotask(() => this.#open());
  }

  send(text) {
    const command = JSON.parse(text);
    queueMicrotask(() => this.isClosed || this.#receive(command));
  }

  close() {
    this.isClosed = true;
    this.#house.sockets.delete(this);
  }

  /** The network is gone, and both sides notice. */
  die() {
    this.close();
    this.onclose({ code: 1006 });
  }

  offer(entry) {
    if (!this.#followed.has(entry.log)) return;
    if (this.#house.weather === 'answers first') this.#held.push(entry);
    else this.#say(entry);
  }

  /** Let the entries go that were held back in the weather `answers first`. */
  release() {
    for (const entry of this.#held.splice(0)) this.#say(entry);
  }

  #open() {
    if (this.isClosed) return;
    if (this.#house.weather === 'offline') return this.die();
    this.#house.sockets.add(this);
    this.onopen({});
  }

  #receive(command) {
    if (command.type === 'hello') return this.#hello(command);
    if (command.type === 'ping') return this.#say({ type: 'pong', id: command.id, now: 0 });
    const answer = this.#carriedOut(command);
    if (this.#house.weather === 'answers lost' && command.type === 'post') return this.die();
    if (command.id !== undefined) this.#say(answer);
  }

  #carriedOut(command) {
    try {
      return { type: 'ok', id: command.id, result: this.#house.carryOut(command) };
    } catch (refusal) {
      return { type: 'error', id: command.id, ...refusal };
    }
  }

  #hello({ id, epoch, cursors }) {
    const { server, me } = this.#house;
    const isAbove = Object.entries(cursors || {}).some(([log, seq]) => seq > server.head(Number(log)));
    const resumed = epoch === server.epoch && !isAbove;
    const otherLife = epoch !== undefined && !resumed ? { other_life: true } : {};
    const welcome = { ...server.welcome(me, resumed), ...otherLife, id };
    const standing = (welcome.rooms || []).map(({ room, head }) => [room.id, head]);
    const from = resumed ? cursors : Object.fromEntries([[me.inbox, welcome.inbox_head], ...standing]);
    this.#say(welcome);
    this.#followed = new Set(Object.keys(from).map(Number));
    for (const log of this.#followed) for (const entry of server.after(log, from[log])) this.#say(entry);
  }

  #say(event) {
    if (!this.isClosed) this.onmessage({ data: JSON.stringify(event) });
  }
}
