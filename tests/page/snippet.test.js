import assert from 'node:assert/strict';
import { test } from 'node:test';
import { snippet } from '../../src/teahouse/web/snippet.js';

/** Marked pieces in brackets. @param {import('../../src/teahouse/web/snippet.js').Piece[]} pieces */
const drawn = (pieces) => pieces.map(({ text, isMark }) => (isMark ? `[${text}]` : text)).join('');

test('what matched is marked, on one line', () => {
  assert.equal(drawn(snippet('green\n\n tea, tea', [[8, 11], [13, 16]])), 'green [tea], [tea]');
});

test('marks count whole characters, also beyond the first plane', () => {
  assert.equal(drawn(snippet('🍵🍵茶𠀀茶', [[2, 3], [3, 4]])), '🍵🍵[茶][𠀀]茶');
});

test('a long text is shown around its first match', () => {
  const text = `${'a '.repeat(500)}tea${' b'.repeat(500)}`;
  const shown = drawn(snippet(text, [[1000, 1003]]));
  assert.match(shown, /^… (a ){12}\[tea\]( b)+ …$/);
});

test('a text without marks is shown from its beginning', () => {
  assert.equal(drawn(snippet('by the author alone', [])), 'by the author alone');
  assert.equal(drawn(snippet('', [])), '');
});

test('a match that begins beyond what is shown is left out, and one that ends there is cut', () => {
  assert.equal(drawn(snippet('x'.repeat(300), [[0, 300]])), `[${'x'.repeat(180)}] …`);
  assert.equal(drawn(snippet(`a${'x'.repeat(300)}`, [[0, 1], [250, 260]])), `[a]${'x'.repeat(179)} …`);
});
