/** fold.js, rule by rule. That the rules together keep the state true is fold_random.test.js's. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { apply, applyAll, initial } from '../../src/teahouse/web/fold.js';
import { welcome } from './support/sockets.js';

const AIKO = { id: 7, name: 'Aiko', face: 'f01' };
const BEN = { id: 8, name: 'Ben', face: 'f02' };
const ROOM = 1;
const INBOX = 100;

const LOBBY = { id: ROOM, kind: 'public', name: 'lobby' };

const standing = (change = {}) => ({ room: LOBBY, role: 'member', since: 1, head: 10, read: 10, unread: 0, ...change });
const signedIn = (change) => apply(initial(), welcome({ rooms: [standing(change)] }));
const entry = (seq, fact, { by = BEN, log = ROOM, ...more } = {}) => ({ type: 'entry', log, seq, at: seq, by, fact, ...more });
const posted = (seq, text, more) => entry(seq, { type: 'posted', text }, more);
const naming = (seq, ...mentions) => entry(seq, { type: 'posted', text: 'tea?', mentions });
const removed = (seq, of, { author = BEN.id } = {}) => entry(seq, { type: 'removed', message: of, author });
const message = (seq, text, more = {}) => ({ seq, at: seq, by: BEN, text, ...more });
const latest = (messages, { head = 10, at, mode = 'latest', ...more } = {}) => ({
  type: 'page_loaded', mode, at, page: { room: ROOM, messages, head, more_before: false, more_after: false, ...more },
});
const loaded = (messages, more) => apply(signedIn(), latest(messages, more));
const texts = (state) => state.rooms[ROOM].messages.map(({ text }) => text);
const told = (state, ...events) => applyAll(state, events).rooms[ROOM];

test('a welcome brings you in with your rooms, and the stream goes on after their heads', () => {
  const state = signedIn({ unread: 3 });
  assert.equal(state.phase, 'in');
  assert.equal(state.you.name, 'Aiko');
  assert.deepEqual(state.cursors, { [INBOX]: 0, [ROOM]: 10 });
  assert.deepEqual([state.rooms[ROOM].unread, state.rooms[ROOM].loaded], [3, false]);
});

test('a resumed welcome keeps the rooms and forgets who was there', () => {
  const before = applyAll(loaded([message(9, 'hello')]), [{ type: 'here', room: ROOM, count: 2, came: [BEN] }]);
  const after = apply(before, welcome({ resumed: true, rooms: undefined }));
  assert.deepEqual(texts(after), ['hello']);
  assert.deepEqual(after.rooms[ROOM].here, {});
});

test('only the next entry is taken: an older one is ignored, a later one is a gap', () => {
  const state = loaded([]);
  assert.equal(apply(state, posted(10, 'old')), state);
  const gap = applyAll(state, [posted(12, 'too early'), posted(13, 'too early as well')]);
  assert.deepEqual([gap.gap, gap.cursors[ROOM], texts(gap)], [ROOM, 10, []]);
  assert.equal(apply(gap, welcome({ resumed: true })).gap, 0);
});

test('an event or a fact that is not known changes nothing but the cursor', () => {
  const state = loaded([]);
  assert.equal(apply(state, { type: 'toString' }), state);
  assert.equal(apply(state, { type: 'bye', why: 'restart', retry_ms: 1 }), state);
  assert.equal(apply(state, entry(11, { type: 'pinned', message: 3 })).cursors[ROOM], 11);
});

test('the state before is never changed, and what an event does not touch is the same object after it', () => {
  const state = deepFrozen(applyAll(loaded([message(8, 'a'), message(9, 'b')]), [posted(11, 'c')]));
  const after = applyAll(state, [
    posted(12, 'd', { client_id: 'x' }), entry(13, { type: 'edited', message: 9, text: 'B' }), entry(14, { type: 'joined', user: BEN }),
    { type: 'typing', room: ROOM, user: BEN, now: 1 }, entry(1, { type: 'read', room: ROOM, seq: 12, unread: 0, head: 12 }, { log: INBOX }),
  ]);
  assert.deepEqual(texts(after), ['a', 'B', 'c', 'd']);
  assert.equal(after.rooms[ROOM].messages[0], state.rooms[ROOM].messages[0]);
  assert.equal(after.rooms[ROOM].here, state.rooms[ROOM].here);
});

test('entries that came while a page was on its way are applied to it', () => {
  const state = applyAll(signedIn(), [
    posted(11, 'new'), entry(12, { type: 'edited', message: 9, text: 'better' }), entry(13, { type: 'removed', message: 8 }),
  ]);
  assert.deepEqual(texts(apply(state, latest([message(8, 'bad'), message(9, 'good')]))), ['', 'better', 'new']);
});

test('a page that is ahead of the stream shows nothing twice', () => {
  const state = apply(signedIn(), latest([message(11, 'new'), message(12, 'newer')], { head: 13 }));
  const after = applyAll(state, [posted(11, 'new'), posted(12, 'newer'), entry(13, { type: 'joined', user: BEN }), posted(14, 'newest')]);
  assert.deepEqual(texts(after), ['new', 'newer', 'newest']);
});

test('a page older than the entries that are kept is ignored', () => {
  const many = Array.from({ length: 2000 }, (_, n) => posted(11 + n, String(n)));
  const state = applyAll(signedIn(), many);
  assert.equal(apply(state, latest([message(9, 'old')])), state);
  assert.equal(apply(state, latest([message(2010, '1999')], { head: 2010 })).rooms[ROOM].loaded, true);
});

test('a page before or after joins the end that it was asked for, and no other', () => {
  const state = loaded([message(5, 'e')], { mode: 'around', more_before: true, more_after: true });
  const older = latest([message(3, 'c'), message(4, 'd')], { mode: 'before', at: 5 });
  const newer = latest([message(6, 'f')], { mode: 'after', at: 5 });
  assert.deepEqual(texts(applyAll(state, [older, newer])), ['c', 'd', 'e', 'f']);
  assert.deepEqual(texts(applyAll(state, [older, older, newer, newer])), ['c', 'd', 'e', 'f']);
  assert.equal(told(state, older, newer).moreAfter, false);
});

test('a window that does not reach the end is not appended to, but the room counts', () => {
  const state = loaded([message(3, 'old')], { mode: 'around', more_after: true });
  const room = told(state, posted(11, 'new'));
  assert.deepEqual(room.messages.map(({ text }) => text), ['old']);
  assert.deepEqual([room.head, room.unread], [11, 1]);
});

test('messages by others are unread, your own are not', () => {
  assert.equal(told(signedIn({ unread: 2 }), posted(11, 'theirs'), posted(12, 'mine', { by: AIKO }), posted(13, 'theirs')).unread, 4);
});

test('a read mark counts what came after its head on top, and not again what comes up to its head', () => {
  const mark = entry(1, { type: 'read', room: ROOM, seq: 11, unread: 1, head: 12 }, { log: INBOX });
  const [eleven, twelve, thirteen] = [11, 12, 13].map((seq) => posted(seq, 'theirs'));
  assert.equal(told(signedIn(), eleven, twelve, thirteen, mark).unread, 2);
  assert.equal(told(signedIn(), eleven, mark, twelve, thirteen).unread, 2);
  assert.equal(told(signedIn(), mark, eleven, twelve, thirteen).unread, 2);
});

test('a message that names you is a mention until it is read', () => {
  const named = apply(signedIn(), naming(11, AIKO.id));
  assert.equal(named.rooms[ROOM].mention, true);
  assert.equal(told(named, entry(1, { type: 'read', room: ROOM, seq: 11, unread: 0, head: 11 }, { log: INBOX })).mention, false);
  assert.equal(told(signedIn(), naming(11, BEN.id)).mention, false);
  assert.equal(told(signedIn(), { ...naming(11, AIKO.id), by: AIKO }).mention, false, 'your own words do not call you');
});

test('a mention follows what its message reads now', () => {
  const edited = (seq, ...mentions) => entry(seq, { type: 'edited', message: 11, text: 'so', mentions }, { by: BEN });
  const plain = apply(signedIn(), posted(11, 'tea?'));
  assert.equal(told(plain, edited(12, AIKO.id)).mention, true);
  assert.equal(told(plain, edited(12, AIKO.id), edited(13, BEN.id)).mention, false);
  const [first, second] = [naming(11, AIKO.id), naming(12, AIKO.id)];
  assert.equal(told(signedIn(), first, second, removed(13, 12)).mention, true, 'an older one still does');
  assert.equal(told(signedIn(), first, second, removed(13, 12), removed(14, 11)).mention, false);
});

test('a page shows a mention that came before the page was opened', () => {
  const message9 = { ...message(9, 'hi @Aiko'), mentions: [AIKO.id] };
  assert.equal(apply(signedIn({ read: 8, unread: 1 }), latest([message9])).rooms[ROOM].mention, true);
  assert.equal(apply(signedIn(), latest([message9])).rooms[ROOM].mention, false);
});

test('what is removed is not unread, whoever counted it', () => {
  const read = (unread, head) => entry(1, { type: 'read', room: ROOM, seq: 8, unread, head }, { log: INBOX });
  const away = { read: 7, unread: 3 };
  assert.equal(told(signedIn(away), removed(11, 9)).unread, 2, 'what the server had counted');
  assert.equal(told(signedIn(away), posted(11, 'new'), removed(12, 11)).unread, 3, 'what was counted here');
  assert.equal(told(signedIn(away), removed(11, 7)).unread, 3, 'what was read');
  assert.equal(told(signedIn(away), removed(11, 9, { author: AIKO.id })).unread, 3, 'your own');
  assert.equal(told(signedIn(away), removed(11, 9), read(2, 10)).unread, 1, 'a mark from before the removal');
  assert.equal(told(signedIn(away), removed(11, 9), read(1, 11)).unread, 1, 'a mark that knows of it');
  assert.equal(told(signedIn(away), posted(11, 'new'), removed(12, 11), read(3, 11)).unread, 2, 'a mark from between');
});

test('an edit changes the message and its quotes, cut to 200 characters', () => {
  const quoting = message(9, 'yes', { reply_to: { seq: 8, by: BEN, text: 'tea?' } });
  const room = told(loaded([message(8, 'tea?'), quoting]), entry(11, { type: 'edited', message: 8, text: '🍵'.repeat(300) }));
  assert.deepEqual([room.messages[0].edited, room.messages[0].text], [true, '🍵'.repeat(300)]);
  assert.equal(room.messages[1].reply_to.text, '🍵'.repeat(200));
});

test('a removal empties the message and its quotes for good', () => {
  const quoting = message(9, 'yes', { reply_to: { seq: 8, by: BEN, text: 'secret' } });
  const state = loaded([message(8, 'secret', { reactions: [{ emoji: '👍', users: [BEN] }], client_id: 'x' }), quoting]);
  const room = told(state, entry(11, { type: 'removed', message: 8 }), entry(12, { type: 'edited', message: 8, text: 'secret' }));
  assert.deepEqual(room.messages[0], { seq: 8, at: 8, by: BEN, text: '', removed: true });
  assert.equal(room.messages[1].reply_to.text, '');
});

test('a removal of a name empties its notice', () => {
  const named = entry(11, { type: 'renamed', name: 'secret', topic: 'secret too' });
  const room = told(loaded([message(9, 'hi')]), named, entry(12, { type: 'renamed', name: 'Birds', topic: '' }), entry(13, { type: 'removed', message: 11 }));
  assert.deepEqual(room.notices.map(({ fact }) => [fact.name, fact.topic]), [['…', ''], ['Birds', '']]);
  assert.deepEqual([room.room.name, texts({ rooms: { [ROOM]: room } })], ['Birds', ['hi']]);
});

test('a removal of a name leaves the topic that others gave, and the other way round', () => {
  const named = entry(11, { type: 'renamed', name: 'secret', topic: 'of the garden' });
  const unnamed = told(loaded([message(9, 'hi')]), named, entry(12, { type: 'removed', message: 11, fields: ['name'] }));
  assert.deepEqual([unnamed.notices[0].fact.name, unnamed.notices[0].fact.topic], ['…', 'of the garden']);
  const silent = told(loaded([message(9, 'hi')]), named, entry(12, { type: 'removed', message: 11, fields: ['topic'] }));
  assert.deepEqual([silent.notices[0].fact.name, silent.notices[0].fact.topic], ['secret', '']);
});

test('a quote of a message outside the window changes as well', () => {
  const state = loaded([message(9, 'yes', { reply_to: { seq: 2, by: BEN, text: 'tea?' } })]);
  assert.equal(told(state, entry(11, { type: 'edited', message: 2, text: 'coffee?' })).messages[0].reply_to.text, 'coffee?');
});

test('a reaction counts once per person and emoji, and is taken back', () => {
  const on = (seq, by, emoji = '👍') => entry(seq, { type: 'reacted', message: 9, emoji, on: true }, { by });
  const state = applyAll(loaded([message(9, 'hi')]), [on(11, BEN), on(12, AIKO), on(13, BEN), on(14, BEN, '🍵')]);
  assert.deepEqual(state.rooms[ROOM].messages[0].reactions, [{ emoji: '👍', users: [BEN, AIKO] }, { emoji: '🍵', users: [BEN] }]);
  const off = ['👍', '🍵'].map((emoji, n) => entry(15 + n, { type: 'reacted', message: 9, emoji, on: false }));
  assert.deepEqual(told(state, ...off).messages[0].reactions, [{ emoji: '👍', users: [AIKO] }]);
});

const someone = (n) => ({ id: 20 + n, name: `Guest ${n}`, face: 'f03' });
const liked = (more, users = [BEN]) => [{ emoji: '👍', users, ...(more > 0 && { more }) }];
const reacts = (seq, to, by, on = true) => entry(seq, { type: 'reacted', message: to, emoji: '👍', on }, { by });
const likes = (state, n = 0) => state.rooms[ROOM].messages[n].reactions;

test('who reacted without being named is counted, and taken off the count again', () => {
  const state = applyAll(loaded([message(9, 'hi', { reactions: liked(2) })]), [reacts(11, 9, someone(1), false)]);
  assert.deepEqual(likes(state), liked(1));
  const none = applyAll(state, [reacts(12, 9, BEN, false), reacts(13, 9, someone(2), false), reacts(14, 9, someone(2), false)]);
  assert.equal(likes(none), undefined);
});

test('ten are named of a crowd, and whoever reads', () => {
  const ten = Array.from({ length: 10 }, (_, n) => someone(n));
  const state = applyAll(loaded([message(9, 'hi')]), [...ten, BEN, AIKO].map((by, n) => reacts(11 + n, 9, by)));
  assert.deepEqual(likes(state), liked(1, [...ten, AIKO]));
  assert.deepEqual(likes(applyAll(state, [reacts(23, 9, AIKO, false), reacts(24, 9, BEN, false)])), liked(0, ten));
});

test('a page that was read further on than the stream has come counts no reaction again', () => {
  const older = apply(loaded([message(9, 'two')]), latest([message(7, 'one', { reactions: liked(1) })], { mode: 'before', at: 9, head: 12 }));
  const state = applyAll(older, [reacts(11, 7, someone(1)), reacts(12, 9, someone(1)), reacts(13, 7, someone(2), false)]);
  assert.deepEqual([likes(state, 0), likes(state, 1)], [liked(0), liked(0, [someone(1)])]);
  assert.deepEqual(state.rooms[ROOM].ahead, []);
});

test('what came while an older page was on its way is counted there, and not again in the window', () => {
  const page = latest([message(7, 'one', { reactions: liked(1) })], { mode: 'before', at: 9, head: 10 });
  const seen = loaded([message(9, 'two', { reactions: liked(3) })]);
  const state = applyAll(seen, [reacts(11, 9, someone(1), false), reacts(12, 7, someone(3), false), page]);
  assert.deepEqual([likes(state, 0), likes(state, 1)], [liked(0), liked(2)]);
});

test('what came while a newer page was on its way is counted there, and not again in the window', () => {
  const old = loaded([message(7, 'one', { reactions: liked(3) })], { mode: 'around', more_after: true });
  const newer = latest([message(9, 'two', { reactions: liked(1) })], { mode: 'after', at: 7, head: 10 });
  const state = applyAll(old, [reacts(11, 7, someone(1), false), reacts(12, 9, someone(3), false), newer]);
  assert.deepEqual([likes(state, 0), likes(state, 1)], [liked(2), liked(0)]);
});

test('typing shows until they post, or for five seconds', () => {
  const typing = apply(loaded([]), { type: 'typing', room: ROOM, user: BEN, now: 1000 });
  assert.deepEqual(typing.rooms[ROOM].typing, { [BEN.id]: { user: BEN, until: 6000 } });
  assert.deepEqual(told(typing, posted(11, 'done')).typing, {});
  assert.equal(apply(typing, { type: 'tick', now: 5999 }), typing);
  assert.deepEqual(told(typing, { type: 'tick', now: 6000 }).typing, {});
});

test('your own typing on another device is no news', () => {
  const state = loaded([]);
  assert.equal(apply(state, { type: 'typing', room: ROOM, user: AIKO, now: 1 }), state);
});

test('who is here follows the members and those who come and go', () => {
  const members = [{ user: AIKO, role: 'owner', here: true }, { user: BEN, role: 'member', here: false }];
  const state = apply(signedIn(), { type: 'members_loaded', room: ROOM, count: 3, here: 1, members });
  assert.deepEqual([state.rooms[ROOM].here, state.rooms[ROOM].hereCount], [{ [AIKO.id]: AIKO }, 1]);
  const room = told(state, { type: 'here', room: ROOM, count: 1, came: [BEN], went: [AIKO.id] });
  assert.deepEqual([room.here, room.hereCount], [{ [BEN.id]: BEN }, 1]);
});

test('your own leaving removes the room, another one only the person', () => {
  const here = apply(loaded([]), { type: 'here', room: ROOM, count: 2, came: [BEN] });
  assert.deepEqual(told(here, entry(11, { type: 'left', user: BEN })).here, {});
  const gone = apply(here, entry(11, { type: 'left', user: AIKO }));
  assert.deepEqual([gone.rooms, gone.cursors], [{}, { [INBOX]: 0 }]);
});

test('a room that you are added to is followed from there, not loaded', () => {
  const room = { id: 2, kind: 'private', name: 'kitchen' };
  const state = apply(signedIn(), entry(1, { type: 'added', room, since: 5 }, { log: INBOX }));
  assert.deepEqual([state.rooms[2].loaded, state.cursors[2], state.rooms[2].room], [false, 4, room]);
});

test('the answer to a join and its entry in the inbox make one room, in either order', () => {
  const room = { id: 2, kind: 'public', name: 'kitchen' };
  const answer = { type: 'standing', standing: { room, role: 'owner', since: 5, head: 6, read: 5, unread: 1 } };
  const added = entry(1, { type: 'added', room, since: 5 }, { log: INBOX });
  const rest = [entry(5, { type: 'joined', user: AIKO, role: 'owner' }, { log: 2 }), posted(6, 'welcome', { log: 2 })];
  for (const order of [[answer, added, ...rest], [added, answer, ...rest], [added, ...rest, answer]]) {
    const state = applyAll(signedIn(), order);
    assert.deepEqual([state.gap, state.cursors[2], state.rooms[2].unread, state.rooms[2].role], [0, 6, 1, 'owner']);
  }
});

test('a room whose stream came before its entry in the inbox asks for a resume', () => {
  const room = { id: 2, kind: 'private', name: 'kitchen' };
  const early = [{ type: 'reset', log: 2, why: 'unknown', head: 6 }, posted(7, 'hello', { log: 2 })];
  const state = applyAll(signedIn(), [...early, entry(1, { type: 'added', room, since: 5 }, { log: INBOX })]);
  assert.deepEqual([state.gap, state.cursors[2], state.rooms[2].unread], [2, 4, 0]);
});

test('a room has its new name, and the window the notice of it', () => {
  const room = told(loaded([]), entry(11, { type: 'renamed', name: 'parlour', topic: 'tea' }));
  assert.deepEqual([room.room.name, room.room.topic, room.notices.length], ['parlour', 'tea', 1]);
});

test('a room learns when its robot answers, and the window has the notice of it', () => {
  const room = told(loaded([]), entry(11, { type: 'robot_set', mode: 'always' }));
  assert.deepEqual([room.room.robot, room.notices.length], ['always', 1]);
});

test('a reset drops the window and goes on after its head, or drops the room', () => {
  const state = apply(loaded([message(9, 'hello')]), { type: 'reset', log: ROOM, why: 'too_far', head: 500 });
  assert.deepEqual([state.rooms[ROOM].loaded, state.rooms[ROOM].messages, state.cursors[ROOM]], [false, [], 500]);
  assert.deepEqual(apply(state, { type: 'reset', log: ROOM, why: 'left', head: null }).rooms, {});
});

test('counts asked for after a reset replace the old ones, unless the room was left meanwhile', () => {
  const recounted = { type: 'recounted', standing: standing({ head: 500, read: 10, unread: 40 }) };
  const state = apply(signedIn(), { type: 'reset', log: ROOM, why: 'too_far', head: 500 });
  assert.equal(told(state, posted(501, 'one more'), recounted).unread, 41);
  assert.deepEqual(applyAll(state, [entry(501, { type: 'left', user: AIKO }), recounted]).rooms, {});
});

test('signing out forgets everything', () => {
  assert.deepEqual(apply(loaded([message(9, 'hello')]), { type: 'signed_out' }), { ...initial(), phase: 'signed_out' });
});

test('a thousand posts on top of ten thousand messages copy the list once', () => {
  const state = loaded(Array.from({ length: 10000 }, (_, n) => message(n + 1, 'old')), { head: 10000 });
  const events = Array.from({ length: 1000 }, (_, n) => posted(10001 + n, 'new'));
  const copies = countCopies(state.rooms[ROOM].messages, () => applyAll({ ...state, cursors: { [ROOM]: 10000 } }, events));
  assert.equal(copies, 1);
});

/** How often `list` is copied by `slice` while `work` runs. */
function countCopies(list, work) {
  let copies = 0;
  list.slice = (...range) => {
    copies += 1;
    return Array.prototype.slice.apply(list, range);
  };
  work();
  return copies;
}

function deepFrozen(value) {
  if (value && typeof value === 'object') Object.values(Object.freeze(value)).forEach(deepFrozen);
  return value;
}

test('a mention that came while away is marked from the start, until it is read', () => {
  const away = signedIn({ read: 8, unread: 1, mentioned: 9 });
  assert.equal(away.rooms[ROOM].mention, true);
  assert.equal(told(away, entry(1, { type: 'read', room: ROOM, seq: 9, unread: 0, head: 9 }, { log: INBOX })).mention, false);
});
