/** sender.js with locks: which tab sends. The way of a message through all parts is in sending.test.js. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Sender } from '../../src/teahouse/web/sender.js';
import { HandClock, settled } from './support/clock.js';

/** One outbox and one lock manager that two tabs share, and a server that answers when the test says so. */
function setUp() {
  const clock = new HandClock();
  let items = [{ client_id: 'a', room: 1, text: 'hello', at: 0, state: 'queued' }];
  const outbox = {
    name: 'outbox',
    list: async () => items,
    remove: async (id) => (items = items.filter((item) => item.client_id !== id)),
  };
  const requests = [];
  const request = (command) => new Promise((resolve) => requests.push({ command, answer: () => resolve({ room: 1, seq: 1, at: 0 }) }));
  const locks = oneAtATime();
  const tab = () => new Sender({ outbox, request, clock, locks, isOpen: () => true, onStored: () => {}, onChange: () => {} });
  return { clock, requests, tabs: [tab(), tab()] };
}

function oneAtATime() {
  let last = Promise.resolve();
  return {
    request(_name, work) {
      last = last.then(work);
      return last;
    },
  };
}

test('of two tabs only one sends, and the other finds nothing left to do', async () => {
  const { requests, tabs } = setUp();
  for (const tab of tabs) tab.kick();
  await settled();
  assert.equal(requests.length, 1);
  requests[0].answer();
  await settled();
  assert.equal(requests.length, 1);
});

test('a tab that sleeps with the lock is waited for five seconds, not longer', async () => {
  const { clock, requests, tabs } = setUp();
  for (const tab of tabs) tab.kick();
  await clock.advance(4999);
  assert.equal(requests.length, 1);
  await clock.advance(1);
  assert.deepEqual(requests.map(({ command }) => command.client_id), ['a', 'a']);
});
