/** How a message reads now that is kept by its number, in the window and outside. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { applyAll, initial } from '../../src/teahouse/web/fold.js';
import { textNow } from '../../src/teahouse/web/reads_now.js';
import { welcome } from './support/sockets.js';

const BEN = { id: 8, name: 'Ben', face: 'f02' };
const LOBBY = { id: 1, kind: 'public', name: 'lobby' };
const STANDING = { room: LOBBY, role: 'member', since: 1, head: 10, read: 10, unread: 0 };
const message = { seq: 9, at: 9, by: BEN, text: 'as it was' };
const page = { type: 'page_loaded', mode: 'latest', page: { room: 1, messages: [message], head: 10, more_before: true, more_after: false } };
const entry = (seq, fact) => ({ type: 'entry', log: 1, seq, at: seq, by: BEN, fact });
const room = (...events) => applyAll(initial(), [welcome({ rooms: [STANDING] }), ...events]).rooms[1];

test('in the window it reads as it stands there', () => {
  assert.equal(textNow(room(page), 9), 'as it was');
  assert.equal(textNow(room(page, entry(11, { type: 'edited', message: 9, text: 'better' })), 9), 'better');
  assert.equal(textNow(room(page, entry(11, { type: 'removed', message: 9 })), 9), '');
});

test('outside of it, the stream tells what happened to it', () => {
  const edits = [entry(11, { type: 'edited', message: 5, text: 'one' }), entry(12, { type: 'edited', message: 5, text: 'two' })];
  assert.equal(textNow(room(page, ...edits), 5), 'two');
  assert.equal(textNow(room(...edits, entry(13, { type: 'removed', message: 5 })), 5), '');
  assert.equal(textNow(room(page, entry(11, { type: 'reacted', message: 5, emoji: '👍', on: true })), 5), undefined);
});

test('of what the room does not know it says nothing', () => {
  assert.equal(textNow(room(), 9), undefined);
  assert.equal(textNow(undefined, 9), undefined);
});
