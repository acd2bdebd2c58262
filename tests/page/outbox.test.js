/** outbox.js on a fake IndexedDB: what is kept, for whom, and what happens where nothing can be. */
import 'fake-indexeddb/auto';
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { openOutbox } from '../../src/teahouse/web/outbox.js';
import { settled } from './support/clock.js';

let users = 0;
const someone = () => ({ user: ++users, since: 1, epoch: 'e1', indexedDB });
const item = (client_id, text = client_id) => ({ client_id, room: 1, text, at: 5, state: 'queued' });
const ids = async (outbox) => (await outbox.list()).map(({ client_id }) => client_id);

test('what was added is listed in order of adding, also by the next tab', async () => {
  const who = someone();
  const outbox = await openOutbox(who);
  for (const id of ['z', 'a', 'm']) await outbox.add(item(id));
  outbox.close();
  const again = await openOutbox(who);
  assert.deepEqual(await again.list(), [item('z'), item('a'), item('m')]);
  assert.equal(again.durable, true);
});

test('another user, and another of the same id, have outboxes of their own', async () => {
  const who = someone();
  await (await openOutbox(who)).add(item('mine'));
  assert.deepEqual(await ids(await openOutbox(someone())), []);
  assert.deepEqual(await ids(await openOutbox({ ...who, since: 2 })), []);
});

test('what was written in another epoch is refused until it is tried again', async () => {
  const who = someone();
  await (await openOutbox(who)).add(item('a'));
  const later = await openOutbox({ ...who, epoch: 'e2' });
  await later.add(item('b'));
  assert.deepEqual(await later.list(), [{ ...item('a'), state: 'failed', code: 'other_life', words: '' }, item('b')]);
  await later.retry('a');
  assert.deepEqual(await later.list(), [item('a'), item('b')]);
});

test('what an outbox of the same epoch held is refused until it is tried again', async () => {
  const outbox = await openOutbox(someone());
  for (const id of ['a', 'b']) await outbox.add(item(id));
  await outbox.hold();
  await outbox.add(item('c'));
  assert.deepEqual((await outbox.list()).map(({ state }) => state), ['failed', 'failed', 'queued']);
  await outbox.retry('a');
  assert.deepEqual((await outbox.list()).map(({ state }) => state), ['queued', 'failed', 'queued']);
});

test('words that wait under the name that outboxes had before are taken over once', async () => {
  const who = someone();
  const name = `teahouse-outbox-${who.user}-${who.epoch}`;
  await keepAsBefore(name, item('a'));
  assert.deepEqual(await (await openOutbox(who)).list(), [item('a')]);
  await settled();
  assert.deepEqual((await indexedDB.databases()).filter((known) => known.name === name), []);
});

test('a removed item is gone, and removing it again does no harm', async () => {
  const outbox = await openOutbox(someone());
  await outbox.add(item('a'));
  await outbox.add(item('b'));
  await outbox.remove('a');
  await outbox.remove('a');
  assert.deepEqual(await ids(outbox), ['b']);
});

test('a failed item says why until it is tried again, in its old place', async () => {
  const outbox = await openOutbox(someone());
  await outbox.add(item('a'));
  await outbox.add(item('b'));
  await outbox.fail('a', { code: 'not_allowed', words: 'no' });
  assert.deepEqual(await outbox.list(), [{ ...item('a'), state: 'failed', code: 'not_allowed', words: 'no' }, item('b')]);
  await outbox.retry('a');
  assert.deepEqual(await outbox.list(), [item('a'), item('b')]);
});

test('another tab of the same user hears of every change', async (context) => {
  const who = someone();
  let changes = 0;
  const first = await openOutbox({ ...who, BroadcastChannel });
  const second = await openOutbox({ ...who, BroadcastChannel, onChange: () => (changes += 1) });
  context.after(() => [first, second].forEach((outbox) => outbox.close()));
  await first.add(item('a'));
  await first.remove('a');
  await settled();
  assert.equal(changes, 2);
});

test('without IndexedDB items are kept in memory, and it says so', async () => {
  const outbox = await openOutbox({ ...someone(), indexedDB: undefined });
  assert.equal(outbox.durable, false);
  await outbox.add(item('a'));
  await outbox.add(item('b'));
  await outbox.fail('b', { code: 'not_allowed', words: 'no' });
  await outbox.remove('a');
  assert.deepEqual(await outbox.list(), [{ ...item('b'), state: 'failed', code: 'not_allowed', words: 'no' }]);
});

test('an IndexedDB that refuses to open is as good as none', async () => {
  const refusing = {
    open() {
      const request = {};
      queueMicrotask(() => request.onerror());
      return request;
    },
  };
  const outbox = await openOutbox({ ...someone(), indexedDB: refusing });
  assert.equal(outbox.durable, false);
});

test('a disk that fills up keeps what it has, and the rest in memory', async () => {
  const outbox = await openOutbox(someone());
  await outbox.add(item('on disk'));
  await outbox.add(item('on disk', 'the same client_id again, which the store refuses as a full disk would'));
  assert.equal(outbox.durable, false);
  assert.deepEqual((await outbox.list()).map(({ text }) => text.slice(0, 8)), ['on disk', 'the same']);
});

/** Keep an item as pages did before outboxes were named by person. */
function keepAsBefore(name, kept) {
  return new Promise((resolve, reject) => {
    const opening = indexedDB.open(name, 1);
    opening.onerror = reject;
    opening.onupgradeneeded = () => {
      const items = opening.result.createObjectStore('items', { keyPath: 'n', autoIncrement: true });
      items.createIndex('client_id', 'client_id', { unique: true });
      items.add(kept);
    };
    opening.onsuccess = () => resolve(opening.result.close());
  });
}
