/** Where a text names somebody: the cases that the server's tests read as well. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { searchKey } from '../../src/teahouse/web/folding.js';
import { mentionAt } from '../../src/teahouse/web/mentions.js';
import { rowsOf } from './support/tables.js';

/** The names that `text` names, each with how it stands there. */
function named(text, names) {
  const keys = new Set(names.map(searchKey));
  const found = [];
  for (let at = 0; at < text.length; at++) {
    const mention = /[@＠]/.test(text[at]) && mentionAt(text, at, keys);
    if (mention) found.push([mention.name, text.slice(at, mention.end)]);
  }
  return found;
}

test('of the names that fit the longest is meant', () => {
  for (const [text, present, meant] of rowsOf('mentions.txt')) {
    const found = new Set(named(text, present.split('|')).map(([name]) => name));
    assert.deepEqual([...found], [...new Set(meant ? meant.split('|').map(searchKey) : [])], text);
  }
});

test('a mention reaches as far as the name was typed, with its marks', () => {
  assert.deepEqual(named('hi @E\u0301LODIE, tea', ['Élodie']), [['elodie', '@E\u0301LODIE']]);
  assert.deepEqual(named('@ben  smith!', ['Ben Smith']), [['ben smith', '@ben  smith']]);
  assert.deepEqual(named('＠小\u200b明你好', ['小明']), [['小明', '＠小\u200b明']]);
  assert.deepEqual(named('@Zoe\u0301 x', ['Zoe']), [['zoe', '@Zoe\u0301']]);
});

test('nobody is named by what is no name', () => {
  for (const text of ['@', '@ ', '@\nBen', '＠', '']) assert.deepEqual(named(text, ['Ben']), [], text);
  assert.deepEqual(named('@Ben', []), []);
});
