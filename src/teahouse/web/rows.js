/**
 * What a room's list shows, from its messages and notices: day lines, the unread line, groups by author, folded notices.
 * Pure; views/messages.js draws it and keeps its place.
 *
 * @typedef {import('./types.js').Message} Message
 * @typedef {import('./types.js').Entry} Entry
 * @typedef {{kind: 'day', key: string, seq: number, at: number}
 *   | {kind: 'unread', key: string, seq: number}
 *   | {kind: 'notice', key: string, seq: number, entries: Entry[]}
 *   | {kind: 'message', key: string, seq: number, message: Message, first: boolean, last: boolean, mine: boolean, editing: boolean}} Row
 * @typedef {{key: number, rows: Row[]}} Chunk
 */
import { midnight } from './i18n.js';

const GROUP_MS = 5 * 60 * 1000;
const CHUNK_SEQS = 64;

/**
 * @param {{messages: Message[], notices: Entry[]}} room
 * @param {{you: number, unreadAfter: number, editing: number}} view   `unreadAfter` 0 for no unread line
 * @returns {Row[]}
 */
export function rowsOf({ messages, notices }, { you, unreadAfter, editing }) {
  /** @type {Row[]} */
  const rows = [];
  let day = 0;
  let unreadShown = unreadAfter === 0;
  for (const item of inOrder(messages, notices)) {
    const { seq, at } = item;
    if (midnight(at) !== day) {
      day = midnight(at);
      rows.push({ kind: 'day', key: `d${day}`, seq, at });
    }
    if ('fact' in item) {
      addNotice(rows, item);
      continue;
    }
    const mine = item.by.id === you;
    if (!unreadShown && seq > unreadAfter && !mine) {
      unreadShown = true;
      rows.push({ kind: 'unread', key: 'unread', seq });
    }
    addMessage(rows, item, mine, seq === editing);
  }
  return rows;
}

/**
 * The rows in pieces with bounds that do not move when rows are added at either end. A piece that reads as in `before`
 * is the very same object, so that it is not drawn again.
 *
 * @param {Row[]} rows
 * @param {Chunk[]} before
 * @returns {Chunk[]}
 */
export function inChunks(rows, before) {
  /** @type {Chunk[]} */
  const chunks = [];
  for (const row of rows) {
    const key = Math.floor(row.seq / CHUNK_SEQS);
    if (chunks.length === 0 || chunks[chunks.length - 1].key !== key) chunks.push({ key, rows: [] });
    chunks[chunks.length - 1].rows.push(row);
  }
  const known = new Map(before.map((chunk) => [chunk.key, chunk]));
  return chunks.map((chunk) => {
    const old = known.get(chunk.key);
    return old && sameRows(old.rows, chunk.rows) ? old : chunk;
  });
}

/**
 * @param {Message[]} messages
 * @param {Entry[]} notices
 */
function* inOrder(messages, notices) {
  let next = 0;
  for (const message of messages) {
    while (next < notices.length && notices[next].seq < message.seq) yield notices[next++];
    yield message;
  }
  while (next < notices.length) yield notices[next++];
}

/**
 * @param {Row[]} rows
 * @param {Entry} entry
 */
function addNotice(rows, entry) {
  const last = rows[rows.length - 1];
  const folds = (/** @type {Entry} */ { fact }) => fact.type === 'joined' || fact.type === 'left';
  if (last.kind === 'notice' && folds(entry) && folds(last.entries[0])) last.entries.push(entry);
  else rows.push({ kind: 'notice', key: `n${entry.seq}`, seq: entry.seq, entries: [entry] });
}

/**
 * @param {Row[]} rows
 * @param {Message} message
 * @param {boolean} mine
 * @param {boolean} editing
 */
function addMessage(rows, message, mine, editing) {
  const { seq, at, by } = message;
  const above = rows[rows.length - 1];
  const joins = above.kind === 'message' && above.message.by.id === by.id && at - above.message.at < GROUP_MS && !message.reply_to;
  if (joins) above.last = false;
  rows.push({ kind: 'message', key: `m${seq}`, seq, message, first: !joins, last: true, mine, editing });
}

/**
 * @param {Row[]} some
 * @param {Row[]} others
 */
function sameRows(some, others) {
  return some.length === others.length && some.every((row, index) => sameRow(row, others[index]));
}

/**
 * By identity: what a notice told may be cleared away.
 *
 * @param {Entry[]} some
 * @param {Entry[]} others
 */
function sameEntries(some, others) {
  return some.length === others.length && some.every((entry, index) => entry === others[index]);
}

/**
 * @param {any} one
 * @param {any} other
 */
function sameRow(one, other) {
  if (one.key !== other.key || one.kind !== other.kind) return false;
  if (one.kind === 'notice') return sameEntries(one.entries, other.entries);
  if (one.kind !== 'message') return true;
  const { message, first, last, editing } = other;
  return one.message === message && one.first === first && one.last === last && one.editing === editing;
}
