/** Who keeps the peace over whom, and what someone who is shut out gets to read. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readBan } from '../../src/teahouse/web/ban_words.js';
import { isKeeper, mayKeep } from '../../src/teahouse/web/keepers.js';
import { settled } from './support/clock.js';
import { House } from './support/house.js';

test('nobody is offered to act on their own rank or above, on themselves or on the robot', () => {
  const [owner, other, admin, guest, robot] = ['owner', 'owner', 'admin', undefined, 'bot'].map((role, id) => ({ id, name: 'x', face: 'f', role }));
  const over = (you) => [owner, other, admin, guest, robot].filter((user) => mayKeep(you, user));
  assert.deepEqual(over(owner), [admin, guest]);
  assert.deepEqual(over(admin), [guest]);
  assert.deepEqual(over(guest), []);
  assert.deepEqual(over(null), []);
  assert.deepEqual([owner, admin, guest, robot].map(isKeeper), [true, true, false, false]);
});

test('the sentence of a ban is read for what it says: whom, until when, why', () => {
  assert.deepEqual(readBan('you are banned from this house'), { isNetwork: false, until: 0, reason: '' });
  assert.deepEqual(readBan('you are banned from this house until 2026-11-28 16:05 UTC: spam: a lot\nof it'), {
    isNetwork: false, until: Date.UTC(2026, 10, 28, 16, 5), reason: 'spam: a lot\nof it',
  });
  assert.deepEqual(readBan('this house is closed to your network until 2026-11-28 16:05 UTC'), {
    isNetwork: true, until: Date.UTC(2026, 10, 28, 16, 5), reason: '',
  });
  assert.equal(readBan('you are banned from this house: the network is down').isNetwork, false);
  assert.deepEqual(readBan('anything else'), { isNetwork: false, until: 0, reason: '' });
});

test('who is banned on a live socket is told why', async () => {
  const house = new House();
  const { store } = await house.openTab();
  const [socket] = house.sockets;
  socket.onmessage({ data: JSON.stringify({ type: 'error', code: 'banned', words: 'you are banned from this house: spam' }) });
  socket.onclose({ code: 4004 });
  await settled();
  assert.deepEqual([store.ended.value.why, store.ended.value.words], ['banned', 'you are banned from this house: spam']);
});
