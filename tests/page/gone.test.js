/** A room or a session that goes from outside: nothing else opens by itself, and what happened is there to be said. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { initial } from '../../src/teahouse/web/fold.js';
import { roomGone } from '../../src/teahouse/web/gone.js';
import { settled } from './support/clock.js';
import { House } from './support/house.js';

async function setUp() {
  const house = new House();
  const secret = house.server.room('secret', house.ben, house.me);
  house.server.post(secret, house.ben.user, 'between us');
  const tab = await house.openTab();
  await tab.store.openRoom(secret);
  await settled();
  return { house, tab, store: tab.store, secret };
}

const heard = (house, event) => {
  const [socket] = house.sockets;
  socket.onmessage({ data: JSON.stringify(event) });
  return settled();
};

test('who is put out hears by whom, keeps nothing of what was said, and is nowhere', async () => {
  const { house, store, secret } = await setUp();
  house.server.putOut(secret, house.me, house.ben.user);
  await settled();
  const { why, by, room } = store.gone.value;
  assert.deepEqual([why, by.name, room.room.id, room.messages], ['put_out', 'Ben', secret, []]);
  assert.equal(store.current.value, null);
});

test('who leaves on another device is told so', async () => {
  const { house, store, secret } = await setUp();
  house.server.putOut(secret, house.me, house.me.user);
  await settled();
  assert.equal(store.gone.value.why, 'left');
});

test('a room that a reset drops is gone', async () => {
  const { house, store, secret } = await setUp();
  await heard(house, { type: 'reset', log: secret, why: 'gone', head: null });
  assert.deepEqual([store.gone.value.why, store.gone.value.room.room.id, store.current.value], ['gone', secret, null]);
});

test('a room that a new welcome does not name is gone', async () => {
  const { house, store } = await setUp();
  house.server.epoch = `${house.server.epoch} restored`;
  house.server.standings = () => [];
  house.cut();
  await house.pass(1000);
  assert.deepEqual([store.gone.value.why, store.current.value], ['gone', null]);
});

test('it stays gone when one is let in again, until one opens it', async () => {
  const { house, store, secret } = await setUp();
  house.server.putOut(secret, house.me, house.ben.user);
  await settled();
  house.server.add(secret, house.me, house.ben.user);
  await settled();
  assert.ok(store.state.value.rooms[secret]);
  assert.deepEqual([store.gone.value.why, store.current.value], ['put_out', null]);
  await store.openRoom(secret);
  assert.deepEqual([store.gone.value, store.current.value], [null, secret]);
});

test('a room that is not open goes without a word', async () => {
  const { house, tab, store, secret } = await setUp();
  await tab.open();
  house.server.putOut(secret, house.me, house.ben.user);
  await settled();
  assert.deepEqual([store.gone.value, store.current.value], [null, house.lobby]);
});

test('another room under the same number after a restored backup, or another reader, is not the room that was open', () => {
  const state = (changes) => ({ ...initial(), phase: 'in', epoch: 'e1', you: { id: 1 }, rooms: { 7: roomOf('secret') }, ...changes });
  const roomOf = (name) => ({ room: { id: 7, kind: 'private', name }, since: 2, messages: [], notices: [] });
  const goneIn = (after) => roomGone(state({}), state(after), [], 7)?.why;
  assert.equal(goneIn({}), undefined);
  assert.equal(goneIn({ rooms: { 7: roomOf('renamed') } }), undefined);
  assert.equal(goneIn({ epoch: 'e2' }), undefined);
  assert.equal(goneIn({ epoch: 'e2', rooms: { 7: roomOf('everybody') } }), 'gone');
  assert.equal(goneIn({ you: { id: 2 } }), 'gone');
});

test('a session that ends from outside says who it was, where drafts may wait and what was not sent', async () => {
  const { house, store, secret } = await setUp();
  house.weather = 'offline';
  house.cut();
  await store.send(secret, 'too late');
  await settled();
  house.weather = 'fair';
  house.onPost = () => {
    throw { code: 'unavailable', words: 'not now', retry: true };
  };
  await house.pass(1000);
  house.server.putOut(house.lobby, house.me, house.me.user);
  await settled();
  const [socket] = house.sockets;
  socket.onclose({ code: 4001 });
  const { you, rooms, unsent } = store.ended.value;
  assert.deepEqual([you.name, unsent.map(({ text }) => text)], ['Aiko', ['too late']]);
  assert.deepEqual(rooms.map(({ id }) => id).sort(), [house.lobby, secret].sort());
  assert.deepEqual([store.state.value.phase, store.pending.value], ['signed_out', []]);
});

test('nothing is said to whom signs out here', async () => {
  const { store } = await setUp();
  await store.signOut();
  assert.deepEqual([store.state.value.phase, store.ended.value], ['signed_out', null]);
});
