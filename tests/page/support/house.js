/**
 * The whole engine against the model server: a person's tabs, the sockets between, and a weather that a test makes.
 */
import 'fake-indexeddb/auto';
import { openOutbox } from '../../../src/teahouse/web/outbox.js';
import { storeOf } from '../../../src/teahouse/web/store.js';
import { HandClock, settled } from './clock.js';
import { HouseSocket } from './house_socket.js';
import { ModelServer } from './model_server.js';

export class House {
  server = new ModelServer();
  /** `offline`: no socket opens. `answers lost`: a post is stored, and its socket dies. `answers first`: entries wait for `release`. */
  weather = 'fair';
  /** May throw a refusal for a post. */
  onPost = (_command) => {};
  /** The texts of posts as they arrived. */
  posts = [];
  /** All commands but posts, as they arrived. */
  asked = [];
  sockets = new Set();
  #tabs = new Set();
  #lastId = 0;

  constructor() {
    // `since` names the outbox's database: every house its own.
    this.server.epoch = `e${++houses}`;
    [this.me, this.ben] = ['Aiko', 'Ben'].map((name) => this.server.user(name));
    for (const person of [this.me, this.ben]) person.since = houses;
    this.lobby = this.server.room('lobby', this.ben, this.me);
    this.server.onEntry = (entry) => this.sockets.forEach((socket) => socket.offer(entry));
  }

  /** A page that someone opens, up to the first rest. */
  async openTab(overrides = {}) {
    const tab = new Tab(this, overrides);
    this.#tabs.add(tab);
    await tab.store.start();
    await settled();
    return tab;
  }

  /** The tab is gone with everything in its memory: its clock stands still from here on. */
  close(tab) {
    this.#tabs.delete(tab);
    this.cut();
  }

  cut() {
    for (const socket of [...this.sockets]) socket.die();
  }

  release() {
    for (const socket of this.sockets) socket.release();
  }

  /** Let time pass for every open tab. */
  async pass(ms) {
    for (const { clock } of this.#tabs) await clock.advance(ms);
  }

  texts() {
    return this.server.page(this.lobby).messages.map(({ text }) => text);
  }

  newId() {
    return `id-${++this.#lastId}`;
  }

  /** The result of a command; throws its refusal. */
  carryOut(command) {
    const { server, me } = this;
    if (command.type === 'post') return this.#post(command);
    this.asked.push(command);
    if (command.type === 'page') return server.page(command.room, command);
    if (command.type === 'members') return { room: command.room, members: [], count: 2, here: 0 };
    if (command.type === 'read') return server.read(command.room, me, command.seq);
    return null;
  }

  #post(command) {
    this.onPost(command);
    this.posts.push(command.text);
    const { room, text, client_id, reply_to } = command;
    const { seq, at } = this.server.post(room, this.me.user, text, { client_id, replyTo: reply_to });
    return { room, seq, at };
  }
}

let houses = 0;

class Tab {
  clock = new HandClock();

  constructor(house, overrides) {
    this.house = house;
    this.store = storeOf({
      api: restOf(house),
      url: 'ws://house/ws',
      WebSocketClass: HouseSocket.bind(null, house),
      clock: this.clock,
      random: () => 1,
      wakeups: { isOnline: () => true, listen: () => () => {} },
      nextFrame: (fn) => setImmediate(fn),
      newId: () => house.newId(),
      openOutbox: (options) => openOutbox({ ...options, indexedDB }),
      locks: undefined,
      ...overrides,
    });
  }

  get room() {
    return this.store.state.value.rooms[this.house.lobby];
  }

  /** What one sees: messages, then the rows under way. */
  get rows() {
    const pending = this.store.pending.value.map(({ text, state }) => `${text} (${state})`);
    return this.room.messages.map(({ text }) => text).concat(pending);
  }

  async open() {
    await this.store.openRoom(this.house.lobby);
    await settled();
  }

  async send(text) {
    const id = await this.store.send(this.house.lobby, text);
    await settled();
    return id;
  }
}

function restOf(house) {
  return {
    house: async () => ({ name: 'test', open: true, languages: [], faces: [], limits: {}, signed_in: true }),
    rooms: async () => house.server.standings(house.me),
    signIn: async () => house.me.user,
    signOut: async () => null,
  };
}
