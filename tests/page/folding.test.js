/** What is the same to whom: the table that the server's tests read as well. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { fold, searchKey } from '../../src/teahouse/web/folding.js';
import { rowsOf } from './support/tables.js';

test('what is found by another spelling is the same when it is folded, and what is apart is not', () => {
  const rows = rowsOf('foldings.txt');
  assert.ok(rows.length >= 200);
  const wrong = rows.filter(([relation, , a, b]) => (fold(a) === fold(b)) !== (relation !== 'apart'));
  assert.deepEqual(wrong, []);
});

test('what was folded folds to itself', () => {
  for (const [, , a, b] of rowsOf('foldings.txt')) for (const text of [a, b]) assert.equal(fold(fold(text)), fold(text));
});

test('a flag keeps what spells it, and other tags do not show', () => {
  assert.notEqual(fold('🏴\u{E0067}\u{E0062}\u{E0065}\u{E006E}\u{E0067}\u{E007F}'), fold('🏴'));
  assert.equal(fold('t\u{E0065}é'), 'te');
});

test('two stops in one sign are an emoji', () => {
  assert.notEqual(fold('‼'), fold('!!'));
});

test('a name is looked for with single spaces', () => {
  assert.equal(searchKey('  Ａｉｋｏ \n Mori '), 'aiko mori');
});
