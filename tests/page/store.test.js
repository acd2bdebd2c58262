/** The store as views use it: opening, loading, jumping, reading and typing, against the model server. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { settled } from './support/clock.js';
import { House } from './support/house.js';

async function setUp({ messages = 0 } = {}) {
  const house = new House();
  for (let n = 1; n <= messages; n++) house.server.post(house.lobby, house.ben.user, `message ${n}`);
  const tab = await house.openTab();
  return { house, tab, store: tab.store };
}

const texts = ({ messages }) => messages.map(({ text }) => text.replace('message ', '')).map(Number);
const asked = (house, type) => house.asked.filter((command) => command.type === type);

test('a room with unread messages opens around the first of them', async () => {
  const { house, tab } = await setUp({ messages: 200 });
  house.server.read(house.lobby, house.me, house.server.head(house.lobby) - 100);
  await settled();
  await tab.open();
  assert.deepEqual([texts(tab.room)[0], texts(tab.room).pop()], [76, 125]);
  assert.deepEqual([tab.room.moreBefore, tab.room.moreAfter, tab.room.unread], [true, true, 100]);
});

test('a room that was read opens at its end', async () => {
  const { house, tab } = await setUp({ messages: 200 });
  house.server.read(house.lobby, house.me, house.server.head(house.lobby));
  await settled();
  await tab.open();
  assert.deepEqual([texts(tab.room)[0], texts(tab.room).pop()], [151, 200]);
  assert.equal(tab.room.moreAfter, false);
});

test('a window grows to both ends, and asks for each page once', async () => {
  const { house, tab, store } = await setUp({ messages: 200 });
  house.server.read(house.lobby, house.me, house.server.head(house.lobby) - 100);
  await settled();
  await tab.open();
  await Promise.all([store.loadOlder(house.lobby), store.loadOlder(house.lobby), store.loadNewer(house.lobby)]);
  await store.loadNewer(house.lobby);
  await store.loadOlder(house.lobby);
  assert.deepEqual(texts(tab.room), Array.from({ length: 200 }, (_, n) => n + 1));
  assert.deepEqual([tab.room.moreBefore, tab.room.moreAfter], [false, false]);
  assert.equal(asked(house, 'page').length, 5);
});

test('a jump brings the message into the window, and another one back to the end', async () => {
  const { house, tab, store } = await setUp({ messages: 200 });
  house.server.read(house.lobby, house.me, house.server.head(house.lobby));
  await settled();
  await tab.open();
  const seq = house.server.page(house.lobby, { limit: 1000 }).messages[9].seq;
  await store.jumpTo(house.lobby, seq);
  assert.ok(tab.room.messages.some((message) => message.seq === seq));
  house.server.post(house.lobby, house.ben.user, 'message 201');
  await settled();
  assert.equal(texts(tab.room).includes(201), false);
  assert.equal(tab.room.unread, 1);
  await store.jumpToLatest(house.lobby);
  assert.equal(texts(tab.room).pop(), 201);
});

test('a jump within the window asks nobody', async () => {
  const { house, tab, store } = await setUp({ messages: 10 });
  await tab.open();
  await store.jumpTo(house.lobby, tab.room.messages[3].seq);
  assert.equal(asked(house, 'page').length, 1);
});

test('what happened while the connection was gone is there after it, without loading again', async () => {
  const { house, tab } = await setUp({ messages: 3 });
  await tab.open();
  house.cut();
  house.server.post(house.lobby, house.ben.user, 'message 4');
  house.server.edit(house.lobby, house.ben.user, tab.room.messages[0].seq, 'message 100');
  await house.pass(1000);
  assert.deepEqual(texts(tab.room), [100, 2, 3, 4]);
  assert.equal(asked(house, 'page').length, 1);
});

test('after a restored backup everything is taken afresh', async () => {
  const { house, tab, store } = await setUp({ messages: 3 });
  await tab.open();
  house.server.epoch = `${house.server.epoch} restored`;
  house.cut();
  await house.pass(1000);
  assert.equal(store.state.value.epoch, house.server.epoch);
  assert.deepEqual(texts(tab.room), [1, 2, 3]);
  assert.equal(asked(house, 'page').length, 2);
});

test('a reset room is loaded again, with the unread count that the server gives', async () => {
  const { house, tab } = await setUp({ messages: 3 });
  await tab.open();
  house.server.onEntry = () => {};
  for (let n = 4; n <= 9; n++) house.server.post(house.lobby, house.ben.user, `message ${n}`);
  const [socket] = house.sockets;
  socket.onmessage({ data: JSON.stringify({ type: 'reset', log: house.lobby, why: 'too_far', head: house.server.head(house.lobby) }) });
  await settled();
  assert.deepEqual(texts(tab.room), [1, 2, 3, 4, 5, 6, 7, 8, 9]);
  assert.equal(tab.room.unread, 9);
});

test('an entry that is not the next one leads to a new connection that brings what was missing', async () => {
  const { house, tab, store } = await setUp({ messages: 1 });
  await tab.open();
  const offer = house.server.onEntry;
  house.server.onEntry = () => {};
  house.server.post(house.lobby, house.ben.user, 'message 2');
  house.server.onEntry = offer;
  house.server.post(house.lobby, house.ben.user, 'message 3');
  await settled();
  assert.equal(store.link.value.why, 'gap');
  await house.pass(1000);
  assert.equal(store.link.value.status, 'open');
  assert.deepEqual(texts(tab.room), [1, 2, 3]);
});

test('a room that one is put out of is not current any more', async () => {
  const { house, tab, store } = await setUp();
  await tab.open();
  house.server.putOut(house.lobby, house.me, house.ben.user);
  await settled();
  assert.equal(store.current.value, null);
  assert.equal(tab.room, undefined);
});

test('read marks are sent half a second later, once, and never backwards', async () => {
  const { house, tab, store } = await setUp({ messages: 9 });
  await tab.open();
  const seqs = tab.room.messages.map(({ seq }) => seq);
  for (const seq of [seqs[2], seqs[5], seqs[4]]) store.markRead(house.lobby, seq);
  await house.pass(499);
  assert.deepEqual(asked(house, 'read'), []);
  await house.pass(1);
  assert.deepEqual(asked(house, 'read').map(({ seq }) => seq), [seqs[5]]);
  assert.equal(tab.room.unread, 3);
  store.markRead(house.lobby, seqs[1]);
  await house.pass(1000);
  assert.equal(asked(house, 'read').length, 1);
});

test('a read mark made offline is sent with the next connection', async () => {
  const { house, tab, store } = await setUp({ messages: 2 });
  await tab.open();
  house.weather = 'offline';
  house.cut();
  store.markRead(house.lobby, tab.room.messages[1].seq);
  await house.pass(600);
  house.weather = 'fair';
  await house.pass(60000);
  assert.equal(tab.room.unread, 0);
});

test('typing is told at most every three seconds, and anew after a message', async () => {
  const { house, tab, store } = await setUp();
  await tab.open();
  for (let keys = 0; keys < 7; keys++) {
    store.typing(house.lobby);
    await house.pass(500);
  }
  assert.equal(asked(house, 'typing').length, 2);
  await tab.send('done');
  store.typing(house.lobby);
  await settled();
  assert.equal(asked(house, 'typing').length, 3);
});

test('someone who typed is forgotten after five seconds', async () => {
  const { house, tab } = await setUp();
  await tab.open();
  const [socket] = house.sockets;
  socket.onmessage({ data: JSON.stringify({ type: 'typing', room: house.lobby, user: house.ben.user }) });
  await house.pass(4900);
  assert.deepEqual(Object.values(tab.room.typing).map(({ user }) => user.name), ['Ben']);
  await house.pass(200);
  assert.deepEqual(tab.room.typing, {});
});

test('a thousand entries that come together are drawn in a few batches', async () => {
  const { house, tab, store } = await setUp();
  await tab.open();
  let drawn = 0;
  store.state.subscribe(() => (drawn += 1));
  for (let n = 0; n < 1000; n++) house.server.post(house.lobby, house.ben.user, `message ${n}`);
  await settled();
  assert.equal(tab.room.messages.length, 1000);
  assert.ok(drawn <= 3, `${drawn} batches`);
});

test('signing out forgets everything and closes the connection', async () => {
  const { house, tab, store } = await setUp({ messages: 1 });
  await tab.open();
  await store.signOut();
  await settled();
  assert.deepEqual([store.state.value.phase, store.link.value.status, store.current.value], ['signed_out', 'ended', null]);
  assert.equal(house.sockets.size, 0);
  await store.signIn({ name: 'Aiko', face: 'f01' });
  await settled();
  assert.equal(store.state.value.phase, 'in');
});

test('without a session it does not connect', async () => {
  const house = new House();
  const tab = await house.openTab({ api: { house: async () => ({ signed_in: false }) } });
  assert.equal(tab.store.state.value.phase, 'signed_out');
  assert.equal(house.sockets.size, 0);
});
