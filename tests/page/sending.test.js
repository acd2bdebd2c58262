/** The way of a message from the composer to the room, in all weathers: it appears once, in order, and is never lost. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { openOutbox } from '../../src/teahouse/web/outbox.js';
import { settled, until } from './support/clock.js';
import { House } from './support/house.js';

async function setUp(options = {}) {
  const house = new House();
  const tab = await house.openTab(options);
  await tab.open();
  return { house, tab };
}

const inMemory = { openOutbox: (options) => openOutbox({ ...options, indexedDB: undefined }) };

test('a message that was sent in fair weather shows once, as stored', async () => {
  const { house, tab } = await setUp();
  await tab.send('hello');
  assert.deepEqual(tab.rows, ['hello']);
  assert.deepEqual(house.texts(), ['hello']);
});

test('a message written offline is a queued row, and is sent when the network is back', async () => {
  const { house, tab } = await setUp();
  house.weather = 'offline';
  house.cut();
  await tab.send('kept');
  assert.deepEqual(tab.rows, ['kept (queued)']);
  house.weather = 'fair';
  await house.pass(60000);
  assert.deepEqual(tab.rows, ['kept']);
  assert.deepEqual(house.posts, ['kept']);
});

test('a tab closed with a full outbox sends each once and in order when it is opened again', async () => {
  const { house, tab } = await setUp();
  const texts = Array.from({ length: 20 }, (_, n) => `message ${n}`);
  house.weather = 'offline';
  house.cut();
  for (const text of texts) await tab.send(text);
  house.close(tab);
  house.weather = 'fair';
  const again = await house.openTab();
  await again.open();
  await until(() => again.store.pending.value.length === 0);
  assert.deepEqual(house.texts(), texts);
  assert.deepEqual(house.posts, texts);
  assert.deepEqual(again.rows, texts);
});

test('a message whose answer was lost is sent again and appears once', async () => {
  const { house, tab } = await setUp();
  house.weather = 'answers lost';
  await tab.send('once');
  house.weather = 'fair';
  await house.pass(60000);
  assert.deepEqual(house.texts(), ['once']);
  assert.deepEqual(tab.rows, ['once']);
});

test('a tab that closed before the answer leaves nothing to see twice', async () => {
  const { house, tab } = await setUp();
  house.weather = 'answers lost';
  await tab.send('once');
  house.close(tab);
  house.weather = 'fair';
  const again = await house.openTab();
  await again.open();
  assert.deepEqual(house.texts(), ['once']);
  assert.deepEqual(again.rows, ['once']);
});

test('the echo before the answer shows once', async () => {
  const { house, tab } = await setUp();
  const seen = [];
  tab.store.state.subscribe(() => seen.push(tab.room ? tab.rows.length : 0));
  await tab.send('hello');
  assert.ok(Math.max(...seen) <= 1, `rows seen: ${seen}`);
  assert.deepEqual(tab.rows, ['hello']);
});

test('the answer before the echo keeps the row until the message is there', async () => {
  const { house, tab } = await setUp();
  house.weather = 'answers first';
  await tab.send('hello');
  assert.deepEqual(tab.rows, ['hello (sent)']);
  house.release();
  await settled();
  assert.deepEqual(tab.rows, ['hello']);
});

test('a refused message stays with the reason, and does not hold up those behind it', async () => {
  const { house, tab } = await setUp();
  house.onPost = ({ text }) => {
    if (text === 'bad') throw { code: 'text_too_long', words: 'too long' };
  };
  await tab.send('bad');
  await tab.send('good');
  assert.deepEqual(tab.rows, ['good', 'bad (failed)']);
  const [failed] = tab.store.pending.value;
  assert.deepEqual([failed.code, failed.words], ['text_too_long', 'too long']);
});

test('a failed message can be tried again, or discarded', async () => {
  const { house, tab } = await setUp();
  house.onPost = () => {
    throw { code: 'not_allowed', words: 'no' };
  };
  const [first, second] = [await tab.send('first'), await tab.send('second')];
  assert.deepEqual(tab.rows, ['first (failed)', 'second (failed)']);
  house.onPost = () => {};
  await tab.store.retry(first);
  await settled();
  await tab.store.discard(second);
  await settled();
  assert.deepEqual(tab.rows, ['first']);
  assert.deepEqual(house.posts, ['first']);
});

test('one that came too fast waits as long as it is told, and nothing overtakes it', async () => {
  const { house, tab } = await setUp();
  let refusals = 1;
  house.onPost = () => {
    if (refusals-- > 0) throw { code: 'too_much', words: 'slow down', retry: true, retry_after_s: 7 };
  };
  await tab.send('first');
  await tab.send('second');
  assert.deepEqual(tab.rows, ['first (queued)', 'second (queued)']);
  await house.pass(6999);
  assert.deepEqual(house.posts, []);
  await house.pass(1);
  assert.deepEqual(house.posts, ['first', 'second']);
});

test('a room that waits does not hold up another', async () => {
  const { house, tab } = await setUp();
  const garden = house.server.room('garden', house.ben, house.me);
  house.cut();
  await house.pass(60000);
  house.onPost = ({ room }) => {
    if (room === house.lobby) throw { code: 'too_much', words: 'slow down', retry: true, retry_after_s: 60 };
  };
  await tab.send('waits');
  await tab.store.send(garden, 'goes');
  await settled();
  assert.deepEqual(house.posts, ['goes']);
});

test('two tabs of one person show the same messages and send each once to be seen', async () => {
  const { house, tab } = await setUp();
  const other = await house.openTab();
  await other.open();
  await tab.send('from the first');
  await other.send('from the second');
  for (const { rows } of [tab, other]) assert.deepEqual(rows, ['from the first', 'from the second']);
});

test('what one person left unsent is not sent by the next who signs in here', async () => {
  const { house, tab } = await setUp();
  house.weather = 'offline';
  house.cut();
  await tab.send('private');
  house.close(tab);
  house.weather = 'fair';
  house.me = house.server.user('Chen');
  house.server.add(house.lobby, house.me, house.ben.user);
  const theirs = await house.openTab();
  await theirs.open();
  assert.deepEqual(theirs.rows, []);
  assert.deepEqual(house.posts, []);
});

test('without IndexedDB it still sends, and says that nothing is kept', async () => {
  const { tab } = await setUp(inMemory);
  assert.equal(tab.store.durable.value, false);
  await tab.send('hello');
  assert.deepEqual(tab.rows, ['hello']);
});

/** Words are queued, and the house comes back as `happens` makes it. */
async function anotherLife(happens, options) {
  const { house, tab } = await setUp(options);
  await tab.send('said');
  house.weather = 'offline';
  house.cut();
  await tab.send('queued');
  happens(house);
  house.weather = 'fair';
  house.posts = [];
  return { house, tab };
}

const restored = ({ server }) => (server.epoch = `${server.epoch} restored`);
const putBack = ({ server, lobby }) => server.putBack({ [lobby]: server.head(lobby) - 1 });

for (const [how, happens] of [['a restored backup', restored], ['a copy that was put back', putBack]]) {
  test(`after ${how} queued words wait for their writer, who may send them`, async () => {
    const { house, tab } = await anotherLife(happens);
    await house.pass(60000);
    await tab.open();
    const [{ client_id, state, code }] = tab.store.pending.value;
    assert.deepEqual([state, code, house.posts], ['failed', 'other_life', []]);
    await tab.store.retry(client_id);
    await settled();
    assert.deepEqual([house.posts, tab.store.pending.value], [['queued'], []]);
    await tab.send('and on');
    assert.deepEqual(house.posts, ['queued', 'and on']);
  });

  test(`after ${how} queued words that only memory has are kept as well`, async () => {
    const { house, tab } = await anotherLife(happens, inMemory);
    await house.pass(60000);
    assert.deepEqual(tab.store.pending.value.map(({ text, code }) => [text, code]), [['queued', 'other_life']]);
    assert.deepEqual(house.posts, []);
  });

  test(`after ${how} a mark that was on its way calls nothing read`, async () => {
    const { house, tab } = await setUp();
    for (const text of ['a', 'b', 'c']) house.server.post(house.lobby, house.ben.user, text);
    await settled();
    house.weather = 'offline';
    house.cut();
    tab.store.markRead(house.lobby, house.server.head(house.lobby));
    happens(house);
    house.weather = 'fair';
    await house.pass(60000);
    assert.deepEqual(house.asked.filter(({ type }) => type === 'read'), []);
  });
}

test('words that were queued in a tab that closed before the backup was restored wait as well', async () => {
  const { house, tab } = await anotherLife(restored);
  house.close(tab);
  const again = await house.openTab();
  await again.open();
  assert.deepEqual(again.store.pending.value.map(({ text, code }) => [text, code]), [['queued', 'other_life']]);
  assert.deepEqual(house.posts, []);
});

test('another person who got the same id in another life finds and sends none of it', async () => {
  const { house, tab } = await anotherLife(() => {});
  house.close(tab);
  house.me = { ...house.me, since: house.me.since + 1_000_000 };
  const theirs = await house.openTab();
  await theirs.open();
  assert.deepEqual([theirs.store.pending.value, house.posts], [[], []]);
});
