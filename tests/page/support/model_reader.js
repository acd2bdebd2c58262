/**
 * A reader of the model server whose network is unfair: entries of each log arrive in order but late, pages arrive before or
 * after the entries around them, and the connection drops. Everything that arrives goes into the fold.
 */
import { applyAll, initial, usable } from '../../../src/teahouse/web/fold.js';

const TOO_FAR = 60;

export class ModelReader {
  state = initial();
  /** How far each followed log was written to this reader. */
  #written = new Map();
  /** Pages and standings on their way. */
  #answers = [];
  /** Rooms whose counts are unknown since a reset. */
  #uncounted = new Set();
  #server;
  #me;
  #dice;

  constructor(server, me, dice) {
    this.#server = server;
    this.#me = me;
    this.#dice = dice;
    this.#fold(server.welcome(me, false));
    for (const [log, seq] of Object.entries(this.state.cursors)) this.#written.set(Number(log), seq);
  }

  ask(room, mode, at) {
    const where = mode === 'latest' ? {} : { [mode]: at };
    const page = this.#server.page(room, { ...where, limit: 5 + this.#dice.below(10) }, this.#me);
    this.#answers.push({ type: 'page_loaded', page, mode, at });
  }

  /** Let one thing arrive; false when nothing is on its way. */
  arrive() {
    const behind = [...this.#written.keys()].filter((log) => this.#written.get(log) < this.#server.head(log));
    const isAnswer = this.#answers.length > 0 && (behind.length === 0 || this.#dice.happens(0.3));
    if (isAnswer) this.#take(this.#answers.splice(this.#dice.below(this.#answers.length), 1)[0]);
    else if (behind.length > 0) this.#write(this.#dice.one(behind), 1 + this.#dice.below(4));
    return isAnswer || behind.length > 0;
  }

  arriveAll() {
    while (this.arrive());
  }

  /** Lose everything on its way, and resume. */
  reconnect() {
    const { inbox } = this.#me;
    const { [inbox]: inboxSeen, ...cursors } = this.state.cursors;
    const standings = this.#server.standings(this.#me);
    this.#answers = [];
    this.#written = new Map([[inbox, inboxSeen]]);
    this.#fold(this.#server.welcome(this.#me, true));
    for (const log of Object.keys(cursors).map(Number)) {
      if (!this.#server.isMember(log, this.#me)) this.#fold({ type: 'reset', log, why: 'left', head: null });
    }
    for (const { room, since } of standings) this.#resume(room.id, since, cursors[room.id]);
    this.#recount();
  }

  /** Load pages until each window spans its whole room. */
  loadAll() {
    for (const id of Object.keys(this.state.rooms).map(Number)) {
      const room = () => this.state.rooms[id];
      if (!room().loaded || room().moreAfter) this.#load(id, 'latest');
      while (room().moreBefore) this.#load(id, 'before', room().messages[0].seq);
    }
  }

  #load(room, mode, at) {
    this.ask(room, mode, at);
    const answer = this.#answers.pop();
    if (!usable(this.state, room, answer.page.head)) throw new Error('a page of now is always usable');
    this.#fold(answer);
  }

  #take(answer) {
    const { room, head } = answer.standing ? { room: answer.standing.room.id, head: answer.standing.head } : answer.page;
    if (answer.standing && usable(this.state, room, head)) this.#uncounted.delete(room);
    this.#fold(answer);
  }

  #resume(log, since, seen) {
    const head = this.#server.head(log);
    if (seen === undefined || head - seen > TOO_FAR) this.#reset(log, head);
    else if (seen < since - 1) this.#reset(log, since - 1);
    else this.#written.set(log, seen);
  }

  #reset(log, head) {
    this.#written.set(log, head);
    this.#fold({ type: 'reset', log, why: '', head });
    this.#uncounted.add(log);
    this.#recount();
  }

  /** As the page does after a reset, until it succeeds: ask for the standing, which takes its time. */
  #recount() {
    for (const log of this.#uncounted) {
      if (this.#server.isMember(log, this.#me)) this.#answers.push({ type: 'recounted', standing: this.#server.standing(log, this.#me) });
      else this.#uncounted.delete(log);
    }
  }

  #write(log, count) {
    for (const entry of this.#server.after(log, this.#written.get(log)).slice(0, count)) {
      this.#written.set(log, entry.seq);
      this.#fold(this.#dice.happens(0.5) ? entry : this.#server.renderedNow(entry));
      const { fact } = entry;
      if (fact.type === 'left' && fact.user.id === this.#me.user.id) return this.#written.delete(log);
      if (fact.type === 'added') this.#follow(fact.room.id, fact.since - 1);
    }
    return true;
  }

  #follow(log, after) {
    const written = this.#written.get(log);
    if (written === undefined) this.#written.set(log, after);
    else if (after > written) this.#reset(log, after);
  }

  #fold(...events) {
    const before = this.state;
    this.state = applyAll(before, events);
    // As the page does, where what named its reader was changed: something older may do so still.
    const lost = events.filter(({ type, fact }) => type === 'entry' && (fact.type === 'edited' || fact.type === 'removed'))
      .filter(({ log }) => before.rooms[log]?.mention && this.state.rooms[log]?.mention === false);
    for (const { log } of lost) this.#uncounted.add(log);
    if (lost.length > 0) this.#recount();
    if (this.state.gap) this.reconnect();
  }
}
