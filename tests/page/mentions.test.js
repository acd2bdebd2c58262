/** Whom a text names. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { findMention, mentions } from '../../src/teahouse/web/mentions.js';

test('a name is found in any case, anywhere in the text', () => {
  for (const text of ['@Ben', 'hi @ben!', 'line\n@BEN, tea?', '(@Ben)']) assert.equal(mentions(text, 'Ben'), true, text);
});

test('a longer word, an e-mail address and a bare name are no mentions', () => {
  for (const text of ['@Benny', '@Ben_2', 'mail@ben', 'Ben', '@', '']) assert.equal(mentions(text, 'Ben'), false, text);
});

test('Chinese names need no space around them', () => {
  assert.equal(mentions('问@小明你好', '小明'), true);
  assert.equal(mentions('你好@小红', '小明'), false);
});

test('names may hold spaces and signs', () => {
  assert.equal(mentions('thanks @Old Tom!', 'Old Tom'), true);
  assert.equal(mentions('@a.*b', 'a.*b'), true);
  assert.equal(mentions('@axxb', 'a.*b'), false);
});

test('each mention is found from where the search begins', () => {
  assert.equal(findMention('@Ben and @Ben', 'Ben', 1), 9);
  assert.equal(findMention('@Benny @Ben', 'Ben'), 7);
  assert.equal(findMention('İİİ @Ben', 'ben'), 4);
});
