import assert from 'node:assert/strict';
import { test } from 'node:test';

import { begunAt, fitting } from '../../src/teahouse/web/completion.js';

/** @param {string} marked   `|` is the caret */
const begun = (marked) => begunAt(marked.replace('|', ''), marked.indexOf('|'));

test('a name begins after an @ of either width, in every script, and may have spaces', () => {
  assert.deepEqual(begun('hi @An|'), { start: 3, end: 6, query: 'An' });
  assert.deepEqual(begun('你好＠可|'), { start: 2, end: 4, query: '可' });
  assert.deepEqual(begun('@Bob L| and more'), { start: 0, end: 6, query: 'Bob L' });
  assert.deepEqual(begun('@|'), { start: 0, end: 1, query: '' });
});

test('no name begins inside a word, after a space, on another line, or behind the caret', () => {
  for (const marked of ['a@b|', 'é@b|', 'ж@b|', '@ a|', '@a\nb|', '|hi @Zed', 'hi| @Zed']) assert.equal(begun(marked), null, marked);
});

const people = ['Ana', 'Joanna', 'Bob Lee', 'Zoë', 'Łukasz', 'Jan Smith'].map((name) => ({ name }));
const names = (/** @type {string} */ query) => fitting(people, query).map(({ name }) => name);

test('those fit whose names have what is written, those that begin so first', () => {
  assert.deepEqual(names('an'), ['Ana', 'Joanna', 'Jan Smith']);
  assert.deepEqual(names('lee'), ['Bob Lee']);
  assert.deepEqual(names('Bob  l'), ['Bob Lee']);
  assert.deepEqual(names('luk'), ['Łukasz']);
  assert.deepEqual(names('ＺＯ'), ['Zoë']);
});

test('nobody fits other words, nor a name that is written out', () => {
  for (const query of ['anxyz', 'an ', 'zoe', 'bob lee', 'Bob Lee ', 'bob lee hello']) assert.deepEqual(names(query), [], query);
});
