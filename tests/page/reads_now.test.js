/** What became of texts that are kept outside of their room's window: what was removed is forgotten for good. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { foundAfter } from '../../src/teahouse/web/found.js';
import { Changes } from '../../src/teahouse/web/reads_now.js';
import { welcome } from './support/sockets.js';

const AIKO = { id: 7, name: 'Aiko', face: 'f01' };
const BEN = { id: 8, name: 'Ben', face: 'f02' };
const entry = (seq, fact, log = 1) => ({ type: 'entry', log, seq, at: seq, by: BEN, fact });
const removed = (message, log) => entry(90, { type: 'removed', message }, log);
const edited = (message, text) => entry(91, { type: 'edited', message, text });
const reset = { type: 'reset', log: 1, why: 'too_far', head: 95 };
const textOf = (text, ...events) => new Changes(AIKO, events).textOf(1, 5, text);

test('a text reads as it was said, until it is edited or removed', () => {
  assert.equal(textOf('tea', entry(12, { type: 'posted', text: 'more' }), removed(6), removed(5, 2), edited(4, 'no')), 'tea');
  assert.equal(textOf('tea', edited(5, 'one'), edited(5, 'two')), 'two');
  assert.equal(textOf('tea', edited(5, 'one'), removed(5)), '');
});

test('what was removed comes back with nothing', () => {
  for (const later of [[edited(5, 'late')], [reset], [welcome()], []]) {
    assert.equal(textOf('tea', removed(5), ...later), '');
    assert.equal(textOf('', ...later), '');
  }
});

test('where the stream left something out nothing is known any more, until it says so', () => {
  const left = (user) => entry(92, { type: 'left', user });
  for (const loss of [reset, { ...reset, head: null }, welcome(), left(AIKO)]) {
    assert.equal(textOf('tea', loss), undefined);
    assert.equal(textOf(undefined, loss), undefined);
  }
  for (const none of [welcome({ resumed: true }), { ...reset, log: 2 }, left(BEN)]) assert.equal(textOf('tea', none), 'tea');
  assert.equal(textOf(undefined, removed(5)), '');
  assert.equal(textOf(undefined, edited(5, 'now')), 'now');
});

const found = (seq, text, room = 1) => ({ room, message: { seq, at: seq, by: BEN, text }, marks: [[0, 3]] });

test('what was found forgets what was removed, for as long as it is shown', () => {
  const one = found(4, 'tea four');
  let answer = { found: [one, found(5, 'tea five'), found(6, 'tea six')], before: 3 };
  const take = (...events) => ({ answer } = foundAfter(answer, new Changes(AIKO, events)));
  take(removed(5), edited(6, 'coffee'));
  for (let seq = 100; seq < 1700; seq += 100) {
    const before = answer;
    take(...Array.from({ length: 100 }, (_, n) => entry(seq + n, { type: 'posted', text: 'chatter' })));
    assert.equal(answer, before);
  }
  assert.equal(answer.found[0], one);
  assert.deepEqual(answer.found.map(({ message, marks }) => [message.text, marks.length]), [['tea four', 1], ['', 0], ['coffee', 0]]);
  assert.equal(answer.before, 3);
});

test('of a room whose stream left something out only what is known to be removed stays in what was found', () => {
  const before = { found: [found(4, 'tea'), found(5, 'gone'), found(4, 'other room', 2)] };
  const { answer, isWhole } = foundAfter(before, new Changes(AIKO, [removed(5), reset]));
  assert.equal(isWhole, false);
  assert.deepEqual(answer.found.map(({ room, message }) => [room, message.text]), [[1, ''], [2, 'other room']]);
});
