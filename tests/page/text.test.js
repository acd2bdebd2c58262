// What people write becomes the right tokens, and hostile text becomes some tokens soon.
import assert from 'node:assert/strict';
import { test } from 'node:test';

import { safeHref } from '../../src/teahouse/web/links.js';
import { indexNames, isOnlyEmoji, parse } from '../../src/teahouse/web/text.js';

const text = (words) => ({ type: 'text', text: words });
const strong = (...children) => ({ type: 'strong', children });
const em = (...children) => ({ type: 'em', children });
const link = (words, href = words) => ({ type: 'link', text: words, href });

test('plain words stay one token and lines are broken where they were', () => {
  assert.deepEqual(parse('hello'), [text('hello')]);
  assert.deepEqual(parse('one\n\ntwo'), [text('one'), { type: 'break' }, { type: 'break' }, text('two')]);
});

test('stars make words bold and italic, also within Chinese', () => {
  assert.deepEqual(parse('**bold** and *soft*'), [strong(text('bold')), text(' and '), em(text('soft'))]);
  assert.deepEqual(parse('这是**粗体**文字'), [text('这是'), strong(text('粗体')), text('文字')]);
  assert.deepEqual(parse('***both***'), [strong(em(text('both')))]);
  assert.deepEqual(parse('**a *b* c**'), [strong(text('a '), em(text('b')), text(' c'))]);
});

test('stars that emphasise nothing are stars', () => {
  for (const words of ['2 * 3 * 4', '3*4*5', '**', '* item', 'a ** b', '****', '*open', 'line **', '*a\nb*']) {
    assert.equal(spoken(parse(words)), words.replace('\n', ''), words);
    assert.ok(parse(words).every((token) => token.type === 'text' || token.type === 'break'), words);
  }
});

test('the nearest opening counts when an earlier one was never closed', () => {
  assert.deepEqual(parse('*a **b**'), [text('*a '), strong(text('b'))]);
  assert.deepEqual(parse('*a *b*'), [text('*a '), em(text('b'))]);
});

test('nothing is read inside code', () => {
  assert.deepEqual(parse('`**a** @Ben`'), [{ type: 'code', text: '**a** @Ben' }]);
  assert.deepEqual(parse('``a ` b``'), [{ type: 'code', text: 'a ` b' }]);
  assert.deepEqual(parse('```js\nconst a = *b*;\n```\nafter'), [{ type: 'pre', text: 'const a = *b*;', lang: 'js' }, text('after')]);
  assert.deepEqual(parse('```\nnever closed'), [{ type: 'pre', text: 'never closed', lang: '' }]);
  assert.deepEqual(parse('a ` b'), [text('a ` b')]);
});

test('links end before the punctuation of their sentence', () => {
  assert.deepEqual(parse('see https://example.org/a_(b).'), [text('see '), link('https://example.org/a_(b)'), text('.')]);
  assert.deepEqual(parse('(https://example.org/)'), [text('('), link('https://example.org/'), text(')')]);
  assert.deepEqual(parse('看https://example.org/x，好'), [text('看'), link('https://example.org/x'), text('，好')]);
  assert.deepEqual(parse('**https://example.org/**'), [strong(link('https://example.org/'))]);
  assert.deepEqual(parse('mailto:a@example.org'), [link('mailto:a@example.org')]);
});

test('only addresses of the web and of mail are opened', () => {
  const others = ['javascript:alert(1)', 'data:text/html,x', 'vbscript:x', 'ftp://example.org'];
  const noAddresses = ['https://', 'http:', 'xhttps://example.org', 'mailto:'];
  for (const words of others.concat(noAddresses)) {
    assert.deepEqual(parse(words), [text(words)], words);
  }
  assert.equal(safeHref('JAVASCRIPT:alert(1)'), null);
  assert.equal(safeHref(`https://example.org/${'a'.repeat(5000)}`), null);
  assert.equal(safeHref('HTTPS://EXAMPLE.org'), 'https://example.org/');
});

test('a mention is an @ and the whole of the longest name', () => {
  const names = indexNames(['Ben', 'Ben Ten', '小明']);
  assert.deepEqual(parse('hi @ben ten!', names), [text('hi '), { type: 'mention', text: '@ben ten', name: 'ben ten' }, text('!')]);
  assert.deepEqual(parse('@小明你好', names), [{ type: 'mention', text: '@小明', name: '小明' }, text('你好')]);
  for (const words of ['@benny', 'mail ben@ben.example', '@nobody', '@']) assert.deepEqual(parse(words, names), [text(words)], words);
});

test('one to three emoji alone are drawn large', () => {
  for (const words of ['🍵', '👍🏽', '👨‍👩‍👧 🇯🇵', '❤️❤️❤️']) assert.ok(isOnlyEmoji(words), words);
  for (const words of ['', 'a', '🍵 tea', '🍵🍵🍵🍵', '12', '#']) assert.ok(!isOnlyEmoji(words), words);
});

test('64 KB of anything is read in one go, not in one go per character', () => {
  const size = 65536;
  const names = indexNames(Array.from({ length: 500 }, (_, index) => `aaaaaaaaaaaaaaaa${index}`));
  const marks = ['*', '**', '`', '` ``', '[', '<', '(', ')', '@', '```\n', '\n', ' '];
  const units = marks.concat(['@aaaaaaaaaaaaaaaa', 'https://', 'https://a)', '*a ', '**a *b ', 'a* ', '***a']);
  for (const unit of units) {
    const hostile = unit.repeat(size / unit.length);
    const start = process.cpuUsage();
    parse(hostile, names);
    const took = process.cpuUsage(start).user / 1000; // of the processor: what else the machine does is not counted
    assert.ok(took < 2500, `${JSON.stringify(unit)} took ${took} ms`);
  }
});

test('no character is lost, whatever the text', () => {
  const pieces = ['*', '**', '`', '``', 'a', ' ', '@Ben', 'https://x.example/', ')', '(', '.', '小'];
  let seed = 7;
  const random = (limit) => (seed = (seed * 48271) % 2147483647) % limit;
  for (let round = 0; round < 2000; round++) {
    const words = 'x' + Array.from({ length: random(12) + 1 }, () => pieces[random(pieces.length)]).join('');
    const plain = (line) => line.replace(/[*`]/g, '');
    assert.equal(plain(spoken(parse(words, indexNames(['Ben'])))), plain(words), words);
  }
});

/** @param {import('../../src/teahouse/web/text.js').Token[]} tokens */
function spoken(tokens) {
  return tokens.map((token) => ('children' in token ? spoken(token.children) : 'text' in token ? token.text : '')).join('');
}
