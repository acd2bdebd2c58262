/** Rows are drawn again when what they show is another. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { applyAll, initial } from '../../src/teahouse/web/fold.js';
import { welcome } from './support/sockets.js';

// What the words of days look at when they are loaded; of Node's versions some have a navigator.
globalThis.matchMedia = () => ({ matches: false });
globalThis.navigator ??= { language: 'en' };
const { inChunks, rowsOf } = await import('../../src/teahouse/web/rows.js');

const AT = 1_700_000_000_000;
const BEN = { id: 8, name: 'Ben', face: 'f02' };
const LOBBY = { id: 1, kind: 'public', name: 'lobby' };
const STANDING = { room: LOBBY, role: 'member', since: 1, head: 10, read: 10, unread: 0 };
const entry = (seq, fact) => ({ type: 'entry', log: 1, seq, at: AT + seq, by: BEN, fact });
const renamed = entry(9, { type: 'renamed', name: 'BADROOM', topic: 'BADTOPIC' });
const page = { room: 1, messages: [{ seq: 8, at: AT, by: BEN, text: 'hello' }], notices: [renamed], head: 10, more_before: false, more_after: false };
const view = { you: 7, unreadAfter: 0, editing: 0 };

test('a notice whose name was cleared away is drawn again, and nothing else is', () => {
  const before = applyAll(initial(), [welcome({ rooms: [STANDING] }), { type: 'page_loaded', mode: 'latest', page }]);
  const chunks = inChunks(rowsOf(before.rooms[1], view), []);
  const same = applyAll(before, [entry(11, { type: 'edited', message: 3, text: 'far' })]);
  assert.equal(inChunks(rowsOf(same.rooms[1], view), chunks)[0], chunks[0]);
  const after = applyAll(before, [entry(11, { type: 'removed', message: 9 })]);
  assert.doesNotMatch(JSON.stringify(inChunks(rowsOf(after.rooms[1], view), chunks)), /BAD/);
});
