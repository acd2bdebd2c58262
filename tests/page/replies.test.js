/** Replies that grow: put together from parts, over with their message, and gone when nothing is heard of them. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { apply, applyAll, initial } from '../../src/teahouse/web/fold.js';
import { REPLY_SHOWN_MS } from '../../src/teahouse/web/replies.js';

const ROOM = 1;
const AIKO = { id: 1, name: 'Aiko', face: 'f01' };
const BIRDIE = { id: 9, name: 'Birdie', face: 'birdie', role: 'bot' };
const ID = 're-1-10';
const WELCOME = {
  type: 'welcome', protocol: 1, server: 'test', epoch: 'e', you: AIKO, inbox: 2, inbox_head: 0, lobby: ROOM, now: 0,
  limits: { max_text_bytes: 100, max_name_chars: 32, max_topic_chars: 200 },
};
const ROOMS = [{ room: { id: ROOM, kind: 'public', name: 'Tea' }, role: 'member', since: 1, head: 10, read: 10, unread: 0 }];

const signedIn = () => apply(initial(), { ...WELCOME, resumed: false, rooms: ROOMS });
const begin = (part = 0, text = '', more = {}) => (
  { type: 'reply_begin', room: ROOM, by: BIRDIE, client_id: ID, asker: 1, part, text, reply_to: 10, now: 1000, ...more });
const delta = (part, text) => ({ type: 'reply_delta', room: ROOM, client_id: ID, part, text });
const end = { type: 'reply_end', room: ROOM, client_id: ID };
const message = { type: 'entry', log: ROOM, seq: 11, at: 0, by: BIRDIE, client_id: ID, fact: { type: 'posted', text: 'Green tea.' } };
const reads = (state) => Object.values(state.rooms[ROOM].replies).map(({ text }) => text);

test('a reply is put together from its parts', () => {
  const state = applyAll(signedIn(), [begin(), delta(1, 'Green '), delta(2, 'tea')]);
  assert.deepEqual(reads(state), ['Green tea']);
  assert.deepEqual([state.rooms[ROOM].replies[ID].asker, state.rooms[ROOM].replies[ID].reply_to], [1, 10]);
});

test('after a lost part nothing is added until all so far comes again', () => {
  const state = applyAll(signedIn(), [begin(), delta(1, 'Green '), delta(3, '!')]);
  assert.deepEqual(reads(state), ['Green ']);
  assert.deepEqual(reads(applyAll(state, [begin(3, 'Green tea!'), delta(4, ' Or')])), ['Green tea! Or']);
});

test('a part that came twice is taken once, and one of an unknown reply or room not at all', () => {
  assert.deepEqual(reads(applyAll(signedIn(), [begin(), delta(1, 'a'), delta(1, 'a'), delta(2, 'b')])), ['ab']);
  assert.deepEqual(reads(apply(signedIn(), delta(1, 'a'))), []);
  const before = signedIn();
  assert.equal(applyAll(before, [begin(0, '', { room: 99 }), { ...delta(1, 'a'), room: 99 }, { ...end, room: 99 }]), before);
});

test('who comes in the middle has all so far and what follows', () => {
  assert.deepEqual(reads(applyAll(signedIn(), [begin(7, 'Once upon'), delta(8, ' a time')])), ['Once upon a time']);
});

test('its message takes its place in one step', () => {
  const state = apply(applyAll(signedIn(), [begin(), delta(1, 'Green')]), message);
  assert.deepEqual([reads(state), state.rooms[ROOM].unread], [[], 1]);
});

test('it does not come back after its message, whatever was on its way', () => {
  assert.deepEqual(reads(applyAll(signedIn(), [begin(), message, begin(1, 'Green'), delta(2, ' tea')])), []);
});

test('another person cannot end it with a message of theirs', () => {
  const forged = { ...message, by: { id: 3, name: 'Eve', face: 'f03' } };
  assert.deepEqual(reads(applyAll(signedIn(), [begin(1, 'Green'), forged])), ['Green']);
});

test('it ends when it is told so, without a message', () => {
  assert.deepEqual(reads(applyAll(signedIn(), [begin(), delta(1, 'Green'), end])), []);
});

test('every welcome forgets it: what still grows is told again', () => {
  for (const resumed of [true, false]) {
    const state = apply(apply(signedIn(), begin(1, 'Green')), { ...WELCOME, resumed, ...(resumed ? {} : { rooms: ROOMS }) });
    assert.deepEqual(reads(state), []);
  }
});

test('it is dropped when nothing was heard of it for a while, and not before', () => {
  const state = applyAll(signedIn(), [begin(), begin(1, 'Green', { now: 5000 })]);
  assert.deepEqual(reads(apply(state, { type: 'tick', now: 1000 + REPLY_SHOWN_MS })), ['Green']);
  assert.deepEqual(reads(apply(state, { type: 'tick', now: 5000 + REPLY_SHOWN_MS })), []);
});

test('two replies grow side by side', () => {
  const other = { client_id: 're-1-9' };
  const state = applyAll(signedIn(), [begin(), begin(0, '', other), { ...delta(1, 'two'), ...other }, delta(1, 'one'), { ...end, ...other }]);
  assert.deepEqual(reads(state), ['one']);
});
