/** Which road a connection takes: connection.js and transports/roads.js together, over sockets and a clock moved by hand. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Connection } from '../../src/teahouse/web/connection.js';
import { Roads } from '../../src/teahouse/web/transports/roads.js';
import { trial } from '../../src/teahouse/web/transports/trial.js';
import { HandClock, settled } from './support/clock.js';
import { fakeSockets, welcome } from './support/sockets.js';

function setUp({ isSignedIn = async () => true, tryFirst = async () => false, kept = null } = {}) {
  const clock = new HandClock();
  const sockets = fakeSockets();
  const links = [];
  const handlers = {};
  const memory = { kept, recall: () => memory.kept, remember: (taken) => (memory.kept = taken) };
  const road = (name) => ({ name, open: () => new sockets.FakeSocket(name) });
  const roads = new Roads(['websocket', 'events', 'polls'].map(road), memory, tryFirst);
  const connection = new Connection({
    url: '', clock, roads, isSignedIn, random: () => 1, getCursors: () => ({ epoch: '', cursors: {} }), onEvent: () => {},
    onLink: (link) => links.push(link), wakeups: { isOnline: () => true, listen: (given) => (Object.assign(handlers, given), () => {}) },
  });
  const link = () => links[links.length - 1];
  const taken = () => sockets.opened.map(({ url }) => url);
  const die = async (code) => (sockets.latest().die(code), await settled());
  const open = async () => {
    sockets.latest().accept();
    sockets.latest().say(welcome());
    await settled();
  };
  connection.start();
  return { connection, clock, sockets, link, taken, die, open, memory, handlers };
}

test('where a WebSocket opens nothing else is tried', async () => {
  const { open, link, taken } = setUp();
  await open();
  assert.deepEqual([link().transport, link().detour, taken()], ['websocket', '', ['websocket']]);
});

test('a WebSocket that cannot be opened gives way to an event stream at once', async () => {
  const { die, open, link, taken } = setUp();
  await die();
  assert.deepEqual(taken(), ['websocket', 'events']);
  await open();
  assert.deepEqual([link().status, link().transport, link().detour], ['open', 'events', 'blocked']);
});

test('a WebSocket that opens and stays silent gives way after eight seconds', async () => {
  const { clock, sockets, link, taken } = setUp();
  sockets.latest().accept();
  await clock.advance(7999);
  assert.deepEqual(taken(), ['websocket']);
  await clock.advance(1);
  assert.deepEqual([taken(), link().detour], [['websocket', 'events'], 'silent']);
});

test('an event stream that is held up gives way to polls', async () => {
  const { clock, die, open, link, taken } = setUp();
  await die();
  await clock.advance(8000);
  assert.deepEqual(taken(), ['websocket', 'events', 'polls']);
  await open();
  assert.equal(link().transport, 'polls');
});

test('when every road failed it waits before it begins with the first again', async () => {
  const { clock, die, link, taken } = setUp();
  await die();
  await die();
  await die();
  assert.deepEqual([taken(), link().status], [['websocket', 'events', 'polls'], 'waiting']);
  await clock.advance(link().retryAt - clock.now());
  assert.equal(taken()[3], 'websocket');
});

test('a house that does not answer at all is no fault of the road', async () => {
  const { clock, die, taken } = setUp({ isSignedIn: () => Promise.reject(new Error('unreachable')) });
  await die();
  await clock.advance(500);
  assert.deepEqual(taken(), ['websocket', 'websocket']);
});

test('a house that refuses a hello was reached: no other road is tried', async () => {
  const { clock, sockets, link, taken, open } = setUp();
  sockets.latest().accept();
  for (let id = 1; id <= 20; id++) {
    sockets.latest().say({ type: 'error', id, code: 'too_much', words: 'wait', retry: true, retry_after_s: 1 });
    await clock.advance(1000);
  }
  sockets.latest().say({ type: 'error', id: 21, code: 'internal', words: 'it is logged', retry: false });
  await clock.advance(link().retryAt - clock.now());
  assert.deepEqual(taken(), ['websocket', 'websocket']);
  await open();
  assert.deepEqual([link().transport, link().detour], ['websocket', '']);
});

for (const code of [1012, 1013, 4002, 4029]) {
  test(`a socket that the server closed with ${code} got through`, async () => {
    const { die, taken } = setUp();
    await die(code);
    assert.deepEqual(taken(), ['websocket']);
  });
}

test('a WebSocket that worked gets a second chance, for the house may just have come back', async () => {
  const { clock, die, open, taken } = setUp();
  await open();
  await die();
  await clock.advance(500);
  await die();
  assert.deepEqual(taken(), ['websocket', 'websocket']);
  await clock.advance(1000);
  await die();
  assert.deepEqual(taken(), ['websocket', 'websocket', 'websocket', 'events']);
});

test('a road that is cut again and again soon after the welcome counts as bad', async () => {
  const { clock, die, open, link, taken } = setUp();
  for (let lives = 0; lives < 3; lives++) {
    await open();
    await die();
    await clock.advance(link().retryAt - clock.now());
  }
  assert.deepEqual([taken().pop(), link().detour], ['events', 'unstable']);
});

test('a long life forgives the short ones', async () => {
  const { clock, sockets, die, open, link, taken } = setUp();
  for (const minutes of [0, 0, 2, 0]) {
    await open();
    for (let rests = 0; rests < minutes * 3; rests++) {
      await clock.advance(25000);
      sockets.latest().say({ type: 'pong', now: 0 });
    }
    await die();
    await clock.advance(link().retryAt - clock.now());
  }
  assert.equal(taken().pop(), 'websocket');
});

test('a restart of the house does not count against the road', async () => {
  const { clock, sockets, die, open, link, taken } = setUp();
  for (let restarts = 0; restarts < 4; restarts++) {
    await open();
    sockets.latest().say({ type: 'bye', why: 'restart', retry_ms: 700 });
    await die(1012);
    await clock.advance(link().retryAt - clock.now());
  }
  assert.equal(taken().pop(), 'websocket');
});

test('the road that worked is taken again after a cut and after a reload', async () => {
  const { clock, die, open, link, taken, memory } = setUp();
  await die();
  await open();
  await die();
  await clock.advance(link().retryAt - clock.now());
  assert.deepEqual(taken(), ['websocket', 'events', 'events']);
  const reloaded = setUp({ kept: memory.kept });
  assert.deepEqual([reloaded.taken(), reloaded.link().detour], [['events'], 'blocked']);
});

test('from time to time it looks whether a WebSocket gets through, more and more seldom, and then goes home', async () => {
  const tries = [];
  let getsThrough = false;
  const { clock, sockets, die, open, link, taken } = setUp({ tryFirst: async () => (tries.push(clock.now()), getsThrough) });
  await die();
  await open();
  const began = clock.now();
  const rest = async (seconds) => {
    for (let passed = 0; passed < seconds && taken().length === 2; passed += 20) {
      await clock.advance(20000);
      sockets.latest().say({ type: 'pong', now: 0 });
    }
  };
  await rest(440);
  assert.deepEqual(tries.map((at) => (at - began) / 60000), [1, 3, 7]);
  assert.deepEqual([link().status, taken().length], ['open', 2]);
  getsThrough = true;
  await rest(500);
  assert.equal(taken().pop(), 'websocket');
  await open();
  assert.deepEqual([link().status, link().transport, link().detour], ['open', 'websocket', '']);
});

test('when home turns out to be closed after all, the road that served is taken at once', async () => {
  const { clock, sockets, die, open, taken } = setUp({ tryFirst: async () => true });
  await die();
  await die();
  await open();
  for (let seconds = 0; seconds < 60; seconds += 20) {
    await clock.advance(20000);
    sockets.latest().say({ type: 'pong', now: 0 });
  }
  assert.equal(taken().pop(), 'websocket');
  await die();
  assert.equal(taken().pop(), 'polls');
});

test('coming online means another network, perhaps: the WebSocket is tried first', async () => {
  const { die, open, taken, handlers } = setUp();
  await die();
  await open();
  await die();
  handlers.online();
  assert.deepEqual(taken(), ['websocket', 'events', 'websocket']);
});

test('a trial trusts only the word that the server gives to whoever says no hello', async () => {
  const outcomes = [];
  for (const end of [(socket) => socket.die(4002), (socket) => socket.die(1006), null]) {
    const clock = new HandClock();
    const sockets = fakeSockets();
    const asked = trial({ url: 'ws://house/ws', subprotocol: 'teahouse.v1', WebSocketClass: sockets.FakeSocket, clock });
    sockets.latest().accept();
    if (end) end(sockets.latest());
    await clock.advance(8000);
    outcomes.push(await asked);
    assert.deepEqual(sockets.latest().sent, [{ type: 'ping' }]);
    assert.ok(sockets.latest().isClosed);
  }
  assert.deepEqual(outcomes, [true, false, false]);
});
