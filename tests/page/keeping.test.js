/** Who keeps the peace over whom, and what someone who is shut out gets to read. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
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

test('who is banned on a live socket is told why', async () => {
  const house = new House();
  const { store } = await house.openTab();
  const [socket] = house.sockets;
  socket.onmessage({ data: JSON.stringify({ type: 'error', code: 'banned', words: 'you are banned from this house: spam', ban: { reason: 'spam' } }) });
  socket.onclose({ code: 4004 });
  await settled();
  const { why, words, ban } = store.ended.value;
  assert.deepEqual([why, words, ban], ['banned', 'you are banned from this house: spam', { reason: 'spam' }]);
});
