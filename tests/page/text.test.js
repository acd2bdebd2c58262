import assert from 'node:assert/strict';
import { test } from 'node:test';

import { isOnlyEmoji, loadMarkdown, oneLine } from '../../src/teahouse/web/text.js';

test('one to three emoji alone are drawn large', () => {
  const family = '👨‍👩‍👧‍👦';
  const flags = ['🇯🇵', '🏴󠁧󠁢󠁥󠁮󠁧󠁿', '🏳️‍🌈'];
  for (const words of ['🍵', '👍🏽', `${family} 🇯🇵`, family.repeat(3), '❤️❤️❤️', '1️⃣', '#️⃣*️⃣', '☝🏽', '🧑‍⚕️', ...flags]) assert.ok(isOnlyEmoji(words), words);
  for (const words of ['', 'a', '🍵 tea', '🍵🍵🍵🍵', '12', '#', '1', '©', '™', '↔', '🇯']) assert.ok(!isOnlyEmoji(words), words);
});

test('a quote says what its text says, on one line, once the reader is there', async () => {
  assert.equal(oneLine('**tea** for\ntwo'), '**tea** for\ntwo');
  await loadMarkdown();
  assert.equal(oneLine('**tea** for\ntwo'), 'tea for two');
  assert.equal(oneLine('- [ ] a\n- b `c`'), 'a b c');
  assert.equal(oneLine(), '');
});
