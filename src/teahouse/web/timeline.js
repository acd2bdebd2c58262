/**
 * One room's window of messages: how pages join it and how entries change it. Counting, cursors and everything about
 * the room as a whole is fold.js's.
 *
 * Every function takes the draft that is being written and a room that it owns.
 *
 * @typedef {import('./types.js').RoomState} RoomState
 * @typedef {import('./types.js').Message} Message
 * @typedef {import('./types.js').Entry} Entry
 * @typedef {import('./types.js').Page} Page
 * @typedef {import('./types.js').User} User
 * @typedef {import('./draft.js').Draft} Draft
 */

const QUOTE_CHARS = 200;
const RECENT_ENTRIES = 500;
/** So many who reacted are named, as on the wire; there is no end to a crowd. */
const NAMED = 10;
const NEUTRAL = { name: '…', topic: '' };

/** @typedef {'latest'|'before'|'after'|'around'} Mode */

/**
 * Whether what was read at `head` can be brought up to date: every entry after it is still kept, or yet to come.
 *
 * @param {RoomState} room
 * @param {number} cursor   seen seq of that room's log
 * @param {number} head
 */
export function covers(room, cursor, head) {
  return head >= (room.recent.length > 0 ? room.recent[0].seq - 1 : cursor);
}

/**
 * Make `page` the window (`latest`, `around`) or join it to the window's end that was asked for with `at`; a page that
 * does not fit there any more, because the window moved meanwhile, is dropped.
 *
 * @param {Draft} draft
 * @param {RoomState} room
 * @param {{page: Page, mode: Mode, at?: number}} loaded
 * @param {number} cursor   seen seq of that room's log
 */
export function joinPage(draft, room, { page, mode, at = 0 }, cursor) {
  if (mode === 'before') {
    if (room.messages.length === 0 || room.messages[0].seq !== at) return;
    room.messages = page.messages.concat(room.messages);
    room.moreBefore = page.more_before;
  } else if (mode === 'after') {
    if (room.messages.length === 0 || room.messages[room.messages.length - 1].seq !== at || !room.moreAfter) return;
    room.messages = room.messages.concat(page.messages);
    room.moreAfter = page.more_after;
    room.upTo = page.head;
  } else {
    room.messages = page.messages.slice();
    room.notices = [];
    room.ahead = [];
    room.moreBefore = page.more_before;
    room.moreAfter = page.more_after;
    room.upTo = page.head;
  }
  room.notices = mergeNotices(room.notices, page.notices || []);
  room.loaded = true;
  const isNew = (/** @type {number} */ seq) => (mode === 'before' ? seq < at : mode !== 'after' || seq > at);
  for (const entry of room.recent) if (entry.seq > page.head) show(draft, room, entry, isNew);
  const seqs = page.messages.map(({ seq }) => seq);
  if (page.head > cursor) room.ahead = room.ahead.concat({ from: Math.min(...seqs), to: Math.max(...seqs), head: page.head });
}

/**
 * Keep an entry for pages on their way, and show it in the window when there is one.
 *
 * @param {Draft} draft
 * @param {RoomState} room
 * @param {Entry} entry
 */
export function record(draft, room, entry) {
  const recent = draft.own(room, 'recent');
  recent.push(entry);
  if (recent.length > 2 * RECENT_ENTRIES) recent.splice(0, recent.length - RECENT_ENTRIES);
  if (room.loaded) show(draft, room, entry, (seq) => !room.ahead.some(({ from, to }) => from <= seq && seq <= to));
  if (room.ahead.length > 0) room.ahead = room.ahead.filter(({ head }) => head > entry.seq);
}

/**
 * Forget the window; the room is loaded afresh when it is looked at.
 *
 * @param {RoomState} room
 */
export function clear(room) {
  Object.assign(room, { messages: [], notices: [], loaded: false, moreBefore: false, moreAfter: false, recent: [], upTo: 0, ahead: [] });
}

/**
 * Everything but a reaction may happen to a message twice: whoever reacted is known by name, or only counted.
 *
 * @param {Draft} draft
 * @param {RoomState} room
 * @param {Entry} entry
 * @param {(seq: number) => boolean} isNewTo   whether this did not happen to that message yet
 */
function show(draft, room, entry, isNewTo) {
  const { fact } = entry;
  const isNews = !room.moreAfter && entry.seq > room.upTo;
  switch (fact.type) {
    case 'posted':
      if (isNews) draft.own(room, 'messages').push(messageOf(entry));
      break;
    case 'edited':
      change(draft, room, fact.message, (message) => edited(message, fact));
      requote(draft, room, fact.message, fact.text);
      break;
    case 'removed':
      change(draft, room, fact.message, erased);
      requote(draft, room, fact.message, '');
      unname(draft, room, fact.message, fact.fields);
      break;
    case 'reacted':
      if (isNewTo(fact.message)) {
        const isMine = entry.by.id === draft.state.you?.id;
        change(draft, room, fact.message, (message) => reacted(message, entry.by, fact.emoji, fact.on, isMine));
      }
      break;
    case 'created':
    case 'joined':
    case 'left':
    case 'renamed':
    case 'robot_set':
      if (isNews) draft.own(room, 'notices').push(entry);
      break;
  }
  if (isNews) room.upTo = entry.seq;
}

/**
 * @param {Entry} entry
 * @returns {Message}
 */
function messageOf({ seq, at, by, fact, client_id }) {
  /** @type {Message} */
  const message = { seq, at, by, text: fact.text };
  if (fact.reply_to) message.reply_to = fact.reply_to;
  if (fact.edited) message.edited = true;
  if (fact.removed) message.removed = true;
  if (client_id) message.client_id = client_id;
  if (fact.mentions) message.mentions = fact.mentions;
  return message;
}

/**
 * @param {Draft} draft
 * @param {RoomState} room
 * @param {number} seq
 * @param {(message: Message) => Message} how
 */
function change(draft, room, seq, how) {
  const index = indexOf(room.messages, seq);
  if (index < 0) return;
  const changed = how(room.messages[index]);
  if (changed !== room.messages[index]) draft.own(room, 'messages')[index] = changed;
}

/**
 * Quotes show the quoted message as it reads now; a removed one stays empty.
 *
 * @param {Draft} draft
 * @param {RoomState} room
 * @param {number} seq
 * @param {string} text
 */
function requote(draft, room, seq, text) {
  const index = indexOf(room.messages, seq);
  const reads = index >= 0 && room.messages[index].removed ? '' : cut(text);
  for (let i = room.messages.length - 1; i >= 0 && room.messages[i].seq > seq; i--) {
    const { reply_to } = room.messages[i];
    if (reply_to && reply_to.seq === seq && (reply_to.text || '') !== reads) {
      draft.own(room, 'messages')[i] = { ...room.messages[i], reply_to: { ...reply_to, text: reads } };
    }
  }
}

/**
 * A notice that told what the room was called tells so no longer: whoever called it so was cleared away. What others gave stays in it;
 * an older entry does not say what went.
 *
 * @param {Draft} draft
 * @param {RoomState} room
 * @param {number} seq
 * @param {('name'|'topic')[]} [fields]
 */
function unname(draft, room, seq, fields = ['name', 'topic']) {
  const index = indexOf(room.notices, seq);
  if (index < 0) return;
  const notice = room.notices[index];
  const emptied = Object.fromEntries(fields.map((field) => [field, NEUTRAL[field]]));
  draft.own(room, 'notices')[index] = { ...notice, fact: { ...notice.fact, ...emptied } };
}

/**
 * The first 200 characters as the server counts them: code points, not UTF-16 units.
 *
 * @param {string} text
 */
function cut(text) {
  return Array.from(text.slice(0, 2 * QUOTE_CHARS)).slice(0, QUOTE_CHARS).join('');
}

/**
 * @param {Message} message
 * @param {{text: string, mentions?: number[]}} fact
 * @returns {Message}
 */
function edited(message, { text, mentions }) {
  const nothingNew = message.removed || (message.edited && message.text === text);
  if (nothingNew) return message;
  const { mentions: _, ...rest } = message;
  return { ...rest, text, edited: true, ...(mentions && { mentions }) };
}

/**
 * Its number stays, with nothing in it.
 *
 * @param {Message} message
 * @returns {Message}
 */
function erased({ seq, at, by }) {
  return { seq, at, by, text: '', removed: true };
}

/**
 * Who is not named when they take theirs back is one of those who are only counted.
 *
 * @param {Message} message
 * @param {User} user
 * @param {string} emoji
 * @param {boolean} on
 * @param {boolean} isMine
 * @returns {Message}
 */
function reacted(message, user, emoji, on, isMine) {
  const reactions = message.reactions || [];
  const known = reactions.find((reaction) => reaction.emoji === emoji);
  const users = known ? known.users : [];
  const more = (known && known.more) || 0;
  const isNamed = users.some(({ id }) => id === user.id);
  if (message.removed || (on ? isNamed : !isNamed && more === 0)) return message;
  const canName = isMine || users.length < NAMED;
  const names = !on ? users.filter(({ id }) => id !== user.id) : canName ? users.concat(user) : users;
  const others = isNamed || (on && canName) ? more : more + (on ? 1 : -1);
  const now = others > 0 ? { emoji, users: names, more: others } : { emoji, users: names };
  const next = known ? reactions.map((reaction) => (reaction === known ? now : reaction)) : reactions.concat(now);
  return withReactions(message, next.filter((reaction) => reaction.users.length > 0 || reaction.more));
}

/**
 * An empty list is left out, as on the wire.
 *
 * @param {Message} message
 * @param {import('./types.js').Reaction[]} reactions
 * @returns {Message}
 */
function withReactions({ reactions: _, ...message }, reactions) {
  return reactions.length > 0 ? { ...message, reactions } : message;
}

/**
 * The place of message or notice `seq` in a rising list, or -1; binary, because a window may hold ten thousand.
 *
 * @param {{seq: number}[]} messages
 * @param {number} seq
 */
export function indexOf(messages, seq) {
  let low = 0;
  let high = messages.length - 1;
  while (low <= high) {
    const middle = (low + high) >> 1;
    if (messages[middle].seq === seq) return middle;
    if (messages[middle].seq < seq) low = middle + 1;
    else high = middle - 1;
  }
  return -1;
}

/**
 * @param {Entry[]} some
 * @param {Entry[]} others
 */
function mergeNotices(some, others) {
  const bySeq = new Map(some.concat(others).map((entry) => [entry.seq, entry]));
  return Array.from(bySeq.values()).sort((a, b) => a.seq - b.seq);
}
