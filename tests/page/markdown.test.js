// What people write becomes the right tree, and hostile text becomes some tree soon.
import assert from 'node:assert/strict';
import { test } from 'node:test';

import { linkAt, safeHref } from '../../src/teahouse/web/links.js';
import { GrowingText, MAX_DEPTH, MAX_NODES, parse, spoken } from '../../src/teahouse/web/markdown.js';
import { indexNames } from '../../src/teahouse/web/text.js';

const text = (words) => ({ type: 'text', text: words });
const branch = (type) => (...children) => ({ type, children });
const [paragraph, strong, em, del] = ['paragraph', 'strong', 'em', 'del'].map(branch);
const link = (words, href = words) => ({ type: 'link', href, children: [text(words)] });
const pre = (words, info = '') => ({ type: 'pre', text: words, info });

/** What the one paragraph of a text holds. */
const line = (words, names) => {
  const [block, ...others] = parse(words, names);
  assert.deepEqual([block.type, others], ['paragraph', []], words);
  return block.children;
};

test('lines are broken where they were, and a blank line ends a paragraph', () => {
  assert.deepEqual(line('hello'), [text('hello')]);
  assert.deepEqual(line('one\ntwo'), [text('one'), { type: 'break' }, text('two')]);
  assert.deepEqual(parse('one\n\ntwo'), [paragraph(text('one')), paragraph(text('two'))]);
  assert.deepEqual(line('　　空两格'), [text('　　空两格')]);
});

test('marks make words bold, italic and struck, also within Chinese', () => {
  assert.deepEqual(line('**bold** and *soft* and ~~no~~'), [strong(text('bold')), text(' and '), em(text('soft')), text(' and '), del(text('no'))]);
  assert.deepEqual(line('这是**粗体。**文字'), [text('这是'), strong(text('粗体。')), text('文字')]);
  assert.deepEqual(line('***both***'), [em(strong(text('both')))]);
  assert.deepEqual(line('**a *b* c**'), [strong(text('a '), em(text('b')), text(' c'))]);
});

test('marks that shape nothing are signs', () => {
  for (const words of ['2 * 3 * 4', '**', 'a ** b', '*open', 'line **', 'a_b_c', 'a ` b', '~~open', '<b>x</b>', '#tea', '+1', '1.5']) {
    assert.deepEqual(line(words), [text(words)], words);
  }
});

test('nothing is read inside code', () => {
  assert.deepEqual(line('`**a** @Ben`', indexNames(['Ben'])), [{ type: 'code', text: '**a** @Ben' }]);
  assert.deepEqual(line('``a ` b``'), [{ type: 'code', text: 'a ` b' }]);
  assert.deepEqual(parse('```js\nconst a = *b*;\n```\nafter'), [pre('const a = *b*;', 'js'), paragraph(text('after'))]);
  assert.deepEqual(parse('```\nnever closed'), [pre('never closed')]);
});

test('a fence may say more than a language, be longer, of tildes, and indented', () => {
  for (const info of ['js', 'js title=tea.js', '{.python}']) {
    assert.deepEqual(parse(`\`\`\` ${info}\nlet tea;\n\`\`\`\nafter`), [pre('let tea;', info), paragraph(text('after'))]);
  }
  assert.deepEqual(parse('````\n```\ntea\n```\n````\nafter'), [pre('```\ntea\n```'), paragraph(text('after'))]);
  assert.deepEqual(parse('~~~\ntea\n~~~'), [pre('tea')]);
  assert.deepEqual(parse('  ```\n  tea\n  ```'), [pre('tea')]);
});

test('lists, tasks, quotes, headings, rules and tables', () => {
  const item = (...children) => ({ type: 'item', children });
  assert.deepEqual(parse('- a\n- b'), [{ type: 'list', start: null, children: [item(text('a')), item(text('b'))] }]);
  assert.deepEqual(parse('3. c\n4. d'), [{ type: 'list', start: 3, children: [item(text('c')), item(text('d'))] }]);
  const tasks = [{ ...item(text('a')), done: false }, { ...item(text('b')), done: true }];
  assert.deepEqual(parse('- [ ] a\n- [x] b'), [{ type: 'list', start: null, children: tasks }]);
  assert.deepEqual(parse('> q'), [branch('quote')(paragraph(text('q')))]);
  assert.deepEqual(parse('## tea\n***'), [{ type: 'heading', level: 2, children: [text('tea')] }, { type: 'rule' }]);
  const cell = (words, head, align = '') => ({ type: 'cell', head, align, children: [text(words)] });
  const rows = [branch('row')(cell('a', true), cell('b', true, 'center')), branch('row')(cell('1', false), cell('2', false, 'center'))];
  assert.deepEqual(parse('|a|b|\n|-|:-:|\n|1|2|'), [branch('table')(...rows)]);
});

test('what would show nothing is shown as it was written', () => {
  for (const words of ['#', '>', '-', '[a]: https://example.org/']) assert.deepEqual(parse(words), [{ type: 'plain', text: words }]);
  assert.deepEqual(line('[TODO]: fix'), [text('[TODO]: fix')]);
});

test('links end where a person sees them end', () => {
  const tea = 'https://example.org/tea';
  for (const [before, after] of ['“”', '‘’', '[]', '()', '{}', '「」', '（）', '""', '«»'].map((pair) => [...pair])) {
    assert.equal(spoken(line(`${before}${tea}${after}`).filter(({ type }) => type === 'link')), tea);
  }
  for (const after of ['…', '。', '，然后', '～x', '—x', '·x', '”，', '.', '!', '?)', '**b**', '~~b~~', '、', '；', '》', '〉', '】x', ']x', '\u200b']) {
    assert.equal(linkAt(tea + after, 0), tea, after);
  }
  for (const whole of ['/a_(b)', '/[x]', '/{y}', '?a=1&b=2#c', '/茶', '/a*b', "/it's", '/~tea']) assert.equal(linkAt(tea + whole, 0), tea + whole, whole);
  assert.deepEqual(line('(https://example.org/a_(b)).'), [text('('), link('https://example.org/a_(b)'), text(').')]);
  assert.deepEqual(line('看https://example.org/x，好'), [text('看'), link('https://example.org/x'), text('，好')]);
  assert.deepEqual(line('https://x.com/a**b**'), [link('https://x.com/a'), strong(text('b'))]);
  assert.deepEqual(line('mailto:a@example.org'), [link('mailto:a@example.org')]);
});

test('www. begins a link, and the name of a file is none', () => {
  assert.deepEqual(line('www.example.org/tea.'), [link('www.example.org/tea', 'https://www.example.org/tea'), text('.')]);
  assert.deepEqual(line('[tea](www.example.org)'), [link('tea', 'https://www.example.org/')]);
  for (const words of ['readme.md', 'a.py', 'www.', 'awww.example.org', 'example.org']) assert.deepEqual(line(words), [text(words)]);
});

test('a picture of another place is a link to it', () => {
  assert.deepEqual(line('![tea](https://example.org/tea.png)'), [link('tea', 'https://example.org/tea.png')]);
  assert.deepEqual(line('![](https://example.org/tea.png)'), [link('https://example.org/tea.png')]);
});

test('only addresses of the web and of mail are opened', () => {
  const others = ['javascript:alert(1)', 'data:text/html,x', 'vbscript:x', 'ftp://example.org'];
  const noAddresses = ['https://', 'http:', 'xhttps://example.org', 'mailto:'];
  for (const words of others.concat(noAddresses)) assert.deepEqual(line(words), [text(words)], words);
  for (const words of others) {
    for (const hidden of [`[x](${words})`, `![x](${words})`, `<${words}>`, `[x]\n\n[x]: ${words}`]) {
      assert.ok(!JSON.stringify(parse(hidden)).includes('"href"'), hidden);
    }
  }
  assert.equal(safeHref('JAVASCRIPT:alert(1)'), null);
  assert.equal(safeHref(`https://example.org/${'a'.repeat(5000)}`), null);
  assert.equal(safeHref('HTTPS://EXAMPLE.org'), 'https://example.org/');
});

test('a mention is an @ and the whole of the longest name, with whatever marks it holds', () => {
  const names = indexNames(['Ben', 'Ben Ten', '小明', 'a_b_c', '*star*']);
  const mention = (words, name) => ({ type: 'mention', text: words, name });
  assert.deepEqual(line('hi @ben ten!', names), [text('hi '), mention('@ben ten', 'ben ten'), text('!')]);
  assert.deepEqual(line('**@小明你好** ＠Ben', names), [strong(mention('@小明', '小明'), text('你好')), text(' '), mention('＠Ben', 'ben')]);
  assert.deepEqual(line('@a_b_c @*star*', names), [mention('@a_b_c', 'a_b_c'), text(' '), mention('@*star*', '*star*')]);
  for (const words of ['@benny', 'mail ben@ben.example', '@nobody', '@']) assert.deepEqual(line(words, names), [text(words)], words);
});

test('what is too deep or too much is shown as it was written', () => {
  const many = {
    quotes: '> '.repeat(MAX_DEPTH + 1) + 'deep',
    lists: Array.from({ length: MAX_DEPTH }, (_, depth) => `${'  '.repeat(depth)}- a`).join('\n'),
    emphasis: '*a '.repeat(MAX_DEPTH + 1) + 'a*'.repeat(MAX_DEPTH + 1),
    links: 'http://a.b '.repeat(10000),
    cells: `|${'a|'.repeat(100)}\n|${'-|'.repeat(100)}\n${`|${'a|'.repeat(100)}\n`.repeat(100)}`,
  };
  for (const [what, words] of Object.entries(many)) assert.deepEqual(parse(words), [{ type: 'plain', text: words }], what);
  assert.equal(parse('> '.repeat(MAX_DEPTH / 2) + 'deep')[0].type, 'quote');
});

test('64 KB of anything is read in one go, not in one go per character', () => {
  const size = 65536;
  const names = indexNames(Array.from({ length: 500 }, (_, index) => `aaaaaaaaaaaaaaaa${index}`));
  const marks = ['*', '**', '_', '~~', '`', '` ``', '[', '<', '(', ')', '@', '```\n', '\n', ' ', '\\', '&', '>', '> ', '- ', '1. ', '|', '![', '](', '[a]('];
  const units = marks.concat(['@aaaaaaaaaaaaaaaa', 'https://', 'https://a)', 'www.', '*a ', '**a *b ', 'a* ', '***a', '**a_', '|a\n|-', '[a]: b\n', '- a\n']);
  for (const unit of units) {
    const hostile = unit.repeat(size / unit.length);
    const start = process.cpuUsage();
    const nodes = count(parse(hostile, names));
    const took = process.cpuUsage(start).user / 1000; // of the processor: what else the machine does is not counted
    assert.ok(took < 2500, `${JSON.stringify(unit)} took ${took} ms`);
    assert.ok(nodes <= MAX_NODES + 2, `${JSON.stringify(unit)} is ${nodes} nodes`);
  }
});

test('no letter is lost, whatever the text', () => {
  const pieces = ['*', '**', '`', '``', 'a', ' ', '@Ben', 'https://x.example/', ')', '(', '.', '小', '~~', '_', '\n', '> ', '- ', '\n\n', '|', '#'];
  let seed = 7;
  const random = (limit) => (seed = (seed * 48271) % 2147483647) % limit;
  const letters = (words) => words.replace(/[^a-zA-Z小]/g, '');
  for (let round = 0; round < 3000; round++) {
    const words = 'x' + Array.from({ length: random(12) + 1 }, () => pieces[random(pieces.length)]).join('');
    assert.equal(letters(spoken(parse(words, indexNames(['Ben'])))), letters(words), words);
  }
});

test('a text that grows ends as it is read whole, and what is settled is not read again', () => {
  const blocks = ['# Tea', 'Pour **hot** water\nand wait.', '- a\n- b\n\n  c', '```js\nlet tea;\n\nlet cup;\n```', '> q', '|a|\n|-|\n|1|', '***', 'a\n***b*** c'];
  const whole = blocks.join('\n\n');
  const names = indexNames([]);
  const growing = new GrowingText();
  let first;
  for (let length = 1; length <= whole.length; length++) {
    const tree = growing.parse(whole.slice(0, length), names);
    if (length > 100) assert.equal(tree[0], (first ||= tree[0]));
  }
  assert.deepEqual(growing.parse(whole, names), parse(whole, names));
});

test('a long block that grows is read again only when it has grown by a part', () => {
  const names = indexNames([]);
  const growing = new GrowingText();
  const trees = new Set();
  for (let length = 0; length < 32768; length += 8) trees.add(growing.parse('a'.repeat(length), names)[0]);
  assert.ok(trees.size < 120, `${trees.size} times`);
  assert.deepEqual(growing.parse('another', names), parse('another'));
});

/** @param {import('../../src/teahouse/web/markdown.js').Token[]} tokens */
function count(tokens) {
  return tokens.reduce((sum, token) => sum + 1 + ('children' in token ? count(token.children) : 0), 0);
}
