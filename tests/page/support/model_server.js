/**
 * A server small enough to be believed: logs in memory and messages as they read now, by the words of docs/protocol.md. No
 * sockets and no permissions. Whoever wants entries sets `onEntry`.
 */

const QUOTE_CHARS = 200;

export class ModelServer {
  epoch = 'e1';
  onEntry = (_entry) => {};
  #logs = new Map();
  #messages = new Map();
  #rooms = new Map();
  #standings = new Map();
  #byClientId = new Map();
  #lastId = 0;
  #now = 1000;

  user(name) {
    const user = { id: ++this.#lastId, name, face: 'f01' };
    const inbox = ++this.#lastId;
    this.#logs.set(inbox, []);
    return { user, inbox, since: 0 };
  }

  room(name, ...people) {
    const id = ++this.#lastId;
    this.#logs.set(id, []);
    this.#rooms.set(id, { id, kind: 'public', name, topic: '' });
    this.#messages.set(id, new Map());
    this.append(id, people[0].user, { type: 'created', kind: 'public', name, topic: '' });
    for (const person of people) this.add(id, person, person.user);
    return id;
  }

  append(log, by, fact, client_id) {
    const entries = this.#logs.get(log);
    const entry = { type: 'entry', log, seq: entries.length + 1, at: this.#now++, by, fact };
    if (client_id) entry.client_id = client_id;
    entries.push(entry);
    this.onEntry(entry);
    return entry;
  }

  post(room, by, text, { replyTo, client_id, mentions } = {}) {
    const known = client_id && this.#byClientId.get(`${by.id} ${client_id}`);
    if (known) return known;
    const fact = { type: 'posted', text };
    if (mentions) fact.mentions = mentions;
    if (replyTo) fact.reply_to = this.#quote(room, replyTo);
    const seq = this.head(room) + 1;
    this.#messages.get(room).set(seq, { seq, by, text, replyTo, client_id, mentions });
    const entry = this.append(room, by, fact, client_id);
    this.#messages.get(room).get(seq).at = entry.at;
    if (client_id) this.#byClientId.set(`${by.id} ${client_id}`, entry);
    return entry;
  }

  edit(room, by, message, text, mentions) {
    Object.assign(this.#messages.get(room).get(message), { text, edited: true, mentions });
    return this.append(room, by, { type: 'edited', message, text, ...(mentions && { mentions }) });
  }

  remove(room, by, message) {
    const known = this.#messages.get(room).get(message);
    Object.assign(known, { text: '', removed: true, edited: false, reactions: [], replyTo: undefined, client_id: undefined, mentions: undefined });
    return this.append(room, by, { type: 'removed', message, author: known.by.id });
  }

  react(room, by, message, emoji, on) {
    const known = this.#messages.get(room).get(message);
    const reactions = known.reactions || [];
    const users = (reactions.find((one) => one.emoji === emoji) || { users: [] }).users.filter(({ id }) => id !== by.id);
    const now = { emoji, users: on ? [...users, by] : users };
    const isKnown = reactions.some((one) => one.emoji === emoji);
    const next = isKnown ? reactions.map((one) => (one.emoji === emoji ? now : one)) : [...reactions, now];
    known.reactions = next.filter((one) => one.users.length > 0);
    return this.append(room, by, { type: 'reacted', message, emoji, on });
  }

  rename(room, by, name) {
    this.#rooms.set(room, { ...this.#rooms.get(room), name });
    return this.append(room, by, { type: 'renamed', name, topic: '' });
  }

  add(room, person, by) {
    const since = this.append(room, by, { type: 'joined', user: person.user }).seq;
    this.#standings.set(`${room} ${person.user.id}`, { room, since, read: since });
    this.append(person.inbox, by, { type: 'added', room: this.#rooms.get(room), since });
  }

  putOut(room, person, by) {
    this.#standings.delete(`${room} ${person.user.id}`);
    return this.append(room, by, { type: 'left', user: person.user });
  }

  read(room, person, seq) {
    const standing = this.#standings.get(`${room} ${person.user.id}`);
    if (seq <= standing.read) return { seq: 0, at: this.#now };
    standing.read = seq;
    const unread = this.#unread(standing, person.user);
    return this.append(person.inbox, person.user, { type: 'read', room, seq, unread, head: this.head(room) });
  }

  head(log) {
    return (this.#logs.get(log) || []).length;
  }

  /** A copy of the house as it was when these logs ended here was put back. */
  putBack(heads) {
    for (const [log, head] of Object.entries(heads)) {
      this.#logs.get(Number(log)).splice(head);
      for (const seq of [...(this.#messages.get(Number(log)) || new Map()).keys()]) if (seq > head) this.#messages.get(Number(log)).delete(seq);
    }
  }

  after(log, seq) {
    return this.#logs.get(log).slice(seq);
  }

  isMember(room, { user }) {
    return this.#standings.has(`${room} ${user.id}`);
  }

  standing(room, { user }) {
    const { since, read } = this.#standings.get(`${room} ${user.id}`);
    const unread = this.#unread({ room, read }, user);
    const mentioned = Math.max(0, ...this.#unreadOf({ room, read }, user).filter(({ mentions = [] }) => mentions.includes(user.id)).map(({ seq }) => seq));
    return { room: this.#rooms.get(room), role: 'member', since, head: this.head(room), read, unread, mentioned };
  }

  standings(person) {
    return [...this.#rooms.keys()].filter((room) => this.isMember(room, person)).map((room) => this.standing(room, person));
  }

  welcome({ user, inbox, since }, resumed) {
    const rooms = resumed ? {} : { rooms: this.standings({ user }), since };
    const limits = { max_text_bytes: 65536, max_name_chars: 32, max_topic_chars: 200 };
    const where = { epoch: this.epoch, inbox, inbox_head: this.head(inbox), lobby: 1 };
    return { type: 'welcome', protocol: 1, server: 'model', you: user, now: 0, limits, resumed, ...where, ...rooms };
  }

  /** A page as `reader` is told it: of those who reacted the first is named, and they themselves. */
  page(room, { before, after, around, limit = 50 } = {}, reader = null) {
    const all = [...this.#messages.get(room).values()];
    const from = firstIndex(all, { before, after, around, limit });
    const end = before === undefined ? from + limit : all.filter(({ seq }) => seq < before).length;
    const messages = all.slice(Math.max(0, from), Math.min(end, all.length)).map((message) => this.#rendered(room, message, reader));
    const page = { room, messages, head: this.head(room), more_before: from > 0, more_after: end < all.length };
    return { ...page, notices: this.#notices(room, page, { before, after }) };
  }

  /** An entry as the log gives it now: its text is the message's present one. */
  renderedNow(entry) {
    if (entry.fact.type !== 'posted') return entry;
    const { text, reply_to, edited, removed, mentions } = this.#rendered(entry.log, this.#messages.get(entry.log).get(entry.seq));
    const marks = { ...(reply_to && { reply_to }), ...(edited && { edited }), ...(removed && { removed }), ...(mentions && { mentions }) };
    return { ...entry, fact: { type: 'posted', text, ...marks } };
  }

  #unread(standing, user) {
    return this.#unreadOf(standing, user).length;
  }

  #unreadOf({ room, read }, user) {
    return [...this.#messages.get(room).values()].filter(({ seq, by, removed }) => seq > read && by.id !== user.id && !removed);
  }

  #rendered(room, { seq, at, by, text, replyTo, edited, removed, reactions, client_id, mentions }, reader = null) {
    const message = { seq, at, by, text };
    if (replyTo) message.reply_to = this.#quote(room, replyTo);
    if (edited) message.edited = true;
    if (removed) message.removed = true;
    if (reactions && reactions.length) message.reactions = reader ? reactions.map((one) => toldTo(reader, one)) : reactions;
    if (client_id) message.client_id = client_id;
    if (mentions) message.mentions = mentions;
    return message;
  }

  #quote(room, seq) {
    const { by, text } = this.#messages.get(room).get(seq);
    return { seq, by, text: Array.from(text).slice(0, QUOTE_CHARS).join('') };
  }

  /** Those between the messages, and up to where the page was asked to begin or end. */
  #notices(room, { messages, more_before, more_after }, { before, after }) {
    const first = messages.length > 0 && more_before ? messages[0].seq : 0;
    const last = messages.length > 0 && more_after ? messages[messages.length - 1].seq : Infinity;
    const from = after === undefined ? first : after;
    const upTo = before === undefined ? last : before;
    const kinds = ['created', 'joined', 'left', 'renamed'];
    return this.#logs.get(room).filter(({ seq, fact }) => seq >= from && seq <= upTo && kinds.includes(fact.type));
  }
}

function firstIndex(all, { before, after, around, limit }) {
  const below = (bound) => all.filter(({ seq }) => seq < bound).length;
  if (before !== undefined) return Math.max(0, below(before) - limit);
  if (after !== undefined) return below(after + 1);
  if (around !== undefined) return Math.max(0, below(around) - Math.floor(limit / 2));
  return Math.max(0, all.length - limit);
}

function toldTo({ user }, { emoji, users }) {
  const named = users.filter(({ id }, n) => n === 0 || id === user.id);
  const more = users.length - named.length;
  return more > 0 ? { emoji, users: named, more } : { emoji, users: named };
}
