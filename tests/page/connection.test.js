/** connection.js against sockets and a clock that the test moves by hand. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Connection } from '../../src/teahouse/web/connection.js';
import { HandClock, settled } from './support/clock.js';
import { fakeSockets, welcome } from './support/sockets.js';

function setUp(overrides = {}) {
  const clock = new HandClock();
  const sockets = fakeSockets();
  const events = [];
  const links = [];
  const handlers = {};
  const wakeups = {
    isOnline: () => true,
    listen: (given) => (Object.assign(handlers, given), () => {}),
  };
  const cursors = { epoch: '', cursors: {} };
  const connection = new Connection({
    url: 'ws://house/ws', clock, wakeups, WebSocketClass: sockets.FakeSocket, random: () => 1,
    getCursors: () => cursors, onEvent: (event) => events.push(event), onLink: (link) => links.push(link), ...overrides,
  });
  const link = () => links[links.length - 1];
  const open = () => {
    sockets.latest().accept();
    sockets.latest().say(welcome());
  };
  return { connection, clock, sockets, events, link, open, handlers, cursors };
}

test('a first connection says hello without cursors and is open once welcomed', () => {
  const { connection, sockets, events, link } = setUp();
  connection.start();
  assert.equal(sockets.latest().subprotocol, 'teahouse.v1');
  sockets.latest().accept();
  assert.deepEqual(sockets.latest().sent, [{ type: 'hello', id: 1 }]);
  assert.equal(link().status, 'connecting');
  sockets.latest().say(welcome());
  assert.equal(link().status, 'open');
  assert.equal(events[0].type, 'welcome');
});

test('a hello that is refused for now is said again on the same socket, at the time that the refusal names', async () => {
  const { connection, clock, sockets, link } = setUp({ isSignedIn: async () => true });
  connection.start();
  sockets.latest().accept();
  for (const id of [1, 2, 3]) {
    sockets.latest().say({ type: 'error', id, code: 'too_much', words: 'wait', retry: true, retry_after_s: 7 });
    assert.deepEqual([link().status, link().why], ['connecting', 'too_much']);
    await clock.advance(6999);
    assert.equal(sockets.latest().sent.length, id);
    await clock.advance(1);
    assert.equal(sockets.latest().last('hello').id, id + 1);
  }
  sockets.latest().say(welcome());
  assert.deepEqual([link().status, link().why, sockets.opened.length], ['open', '', 1]);
  await clock.advance(8000);
  assert.equal(sockets.latest().sent.filter(({ type }) => type === 'hello').length, 4);
});

test('what else is said against a hello is waited out like a cut, and a silence after a refusal is a silence', async () => {
  const { connection, clock, sockets, link } = setUp();
  connection.start();
  sockets.latest().accept();
  sockets.latest().say({ type: 'error', id: 1, code: 'internal', words: 'it is logged', retry: false });
  assert.deepEqual([link().status, link().why, sockets.latest().isClosed], ['waiting', 'internal', true]);
  await clock.advance(500);
  sockets.latest().accept();
  sockets.latest().say({ type: 'error', id: 2, code: 'too_much', words: 'wait', retry: true, retry_after_s: 1 });
  await clock.advance(1000 + 15000);
  assert.deepEqual([link().status, link().why], ['waiting', 'no answer']);
});

test('after a cut it resumes from the cursors it holds then', async () => {
  const { connection, clock, sockets, link, open, cursors } = setUp();
  connection.start();
  open();
  Object.assign(cursors, { epoch: 'e1', cursors: { 1: 120, 100: 3 } });
  sockets.latest().die();
  assert.equal(link().status, 'waiting');
  await clock.advance(500);
  sockets.latest().accept();
  assert.deepEqual(sockets.latest().sent[0], { type: 'hello', id: 2, epoch: 'e1', cursors: { 1: 120, 100: 3 } });
});

test('each request is answered by its own id, in any order', async () => {
  const { connection, sockets, open } = setUp();
  connection.start();
  open();
  const first = connection.request({ type: 'page', room: 1 });
  const second = connection.request({ type: 'post', room: 1 });
  const [page, post] = sockets.latest().sent.slice(-2);
  sockets.latest().say({ type: 'error', id: post.id, code: 'too_much', words: 'slow down', retry: true, retry_after_s: 2 });
  sockets.latest().say({ type: 'ok', id: page.id, result: { messages: [] } });
  assert.deepEqual(await first, { messages: [] });
  await assert.rejects(second, { code: 'too_much', words: 'slow down', retry: true, retryAfterMs: 2000 });
});

test('what the server takes for too long is refused, and only that', async () => {
  const { connection, sockets, open } = setUp();
  connection.start();
  open();
  const short = connection.request({ type: 'post', room: 1, text: 'tea' });
  const long = connection.request({ type: 'post', room: 2, text: '"'.repeat(40000) });
  sockets.latest().die(1009);
  await assert.rejects(long, { code: 'text_too_long', retry: false });
  await assert.rejects(short, { code: 'disconnected', retry: true });
});

test('a request without a connection, or whose connection dies, is refused as disconnected', async () => {
  const { connection, sockets, open } = setUp();
  await assert.rejects(connection.request({ type: 'page', room: 1 }), { code: 'disconnected', retry: true });
  connection.start();
  open();
  const asked = connection.request({ type: 'page', room: 1 });
  sockets.latest().die();
  await assert.rejects(asked, { code: 'disconnected', retry: true });
});

test('the waits grow from half a second to thirty and stay there', async () => {
  const { connection, clock, sockets, link } = setUp();
  connection.start();
  const waits = [];
  for (let tries = 0; tries < 9; tries++) {
    sockets.latest().die();
    waits.push(link().retryAt - clock.now());
    await clock.advance(waits[tries]);
  }
  assert.deepEqual(waits, [500, 1000, 2000, 4000, 8000, 16000, 30000, 30000, 30000]);
  assert.equal(sockets.opened.length, 10);
});

test('chance spreads a wait from nothing to its bound', async () => {
  const { connection, clock, sockets, link } = setUp({ random: () => 0.25 });
  connection.start();
  sockets.latest().die();
  assert.equal(link().retryAt - clock.now(), 125);
});

test('a short life does not reset the waits, a stable minute does', async () => {
  const { connection, clock, sockets, link, open } = setUp();
  const wait = () => link().retryAt - clock.now();
  connection.start();
  for (const expected of [500, 1000]) {
    open();
    await clock.advance(5000);
    sockets.latest().die();
    assert.equal(wait(), expected);
    await clock.advance(expected);
  }
  open();
  for (let seconds = 0; seconds < 75; seconds += 25) {
    await clock.advance(25000);
    sockets.latest().say({ type: 'pong', now: 0 });
  }
  sockets.latest().die();
  assert.equal(wait(), 500);
});

test('a farewell says when to come back', async () => {
  const { connection, clock, sockets, link, open } = setUp();
  connection.start();
  open();
  sockets.latest().say({ type: 'bye', why: 'restart', retry_ms: 3456 });
  sockets.latest().die(1012);
  assert.equal(link().retryAt - clock.now(), 3456);
});

test('a full server is left alone for longer', () => {
  const { connection, clock, sockets, link } = setUp();
  connection.start();
  sockets.latest().die(1013);
  assert.equal(link().retryAt - clock.now(), 30000);
});

test('a full server is left alone for longer, however lately it was there; one that is only cut off is asked sooner', async () => {
  const { connection, clock, sockets, link, open } = setUp();
  connection.start();
  open();
  sockets.latest().die(1013);
  assert.equal(link().retryAt - clock.now(), 30000);
  await clock.advance(30000);
  sockets.latest().die();
  assert.equal(link().retryAt - clock.now(), 10000);
});

test('for some minutes after it was there a house is asked every ten seconds at least, then less often', async () => {
  const { connection, clock, sockets, link, open } = setUp();
  connection.start();
  open();
  const waits = [];
  for (let minutes = 0; minutes < 6; minutes++) {
    for (const end = clock.now() + 60000; clock.now() < end; await clock.advance(waits.at(-1))) {
      sockets.latest().die();
      waits.push(link().retryAt - clock.now());
    }
  }
  assert.deepEqual(waits.slice(0, 7), [500, 1000, 2000, 4000, 8000, 10000, 10000]);
  assert.deepEqual(waits.slice(-1), [30000]);
});

test('an unanswered ping ends the socket after ten seconds', async () => {
  const { connection, clock, sockets, link, open } = setUp();
  connection.start();
  open();
  await clock.advance(25000);
  assert.ok(sockets.latest().last('ping'));
  await clock.advance(9999);
  assert.equal(link().status, 'open');
  await clock.advance(1);
  assert.equal(link().status, 'waiting');
  assert.ok(sockets.opened[0].isClosed);
});

test('an answered ping is followed by another one 25 seconds later', async () => {
  const { connection, clock, sockets, link, open } = setUp();
  connection.start();
  open();
  for (let pings = 1; pings <= 4; pings++) {
    await clock.advance(25000);
    assert.equal(sockets.latest().sent.filter(({ type }) => type === 'ping').length, pings);
    sockets.latest().say({ type: 'pong', id: sockets.latest().last('ping').id, now: 0 });
  }
  assert.equal(link().status, 'open');
});

test('a handshake or a welcome that never comes is given up', async () => {
  const { connection, clock, sockets, link } = setUp();
  connection.start();
  await clock.advance(15000);
  assert.equal(link().status, 'waiting');
  await clock.advance(500);
  sockets.latest().accept();
  await clock.advance(15000);
  assert.equal(link().status, 'waiting');
  assert.ok(sockets.opened.every((socket) => socket.isClosed));
});

test('a half-open socket that dies or speaks late does not touch the one that replaced it', async () => {
  const { connection, clock, sockets, events, link, open } = setUp();
  connection.start();
  open();
  await clock.advance(25000 + 10000 + 500);
  open();
  const [old, current] = sockets.opened;
  const asked = connection.request({ type: 'post', room: 1 });
  const heard = events.length;
  old.say({ type: 'entry', log: 1, seq: 9 });
  old.say({ type: 'ok', id: current.last('post').id, result: 'from the grave' });
  old.say(welcome());
  old.die();
  assert.equal(events.length, heard);
  assert.equal(link().status, 'open');
  assert.equal(sockets.opened.length, 2);
  current.say({ type: 'ok', id: current.last('post').id, result: 'alive' });
  assert.equal(await asked, 'alive');
});

test('an ended session is not tried again', async () => {
  const { connection, clock, sockets, link, open } = setUp();
  connection.start();
  open();
  sockets.latest().die(4001);
  assert.deepEqual([link().status, link().why], ['ended', 'not_signed_in']);
  await clock.advance(120000);
  assert.equal(sockets.opened.length, 1);
});

test('who is banned does not come back by itself, and who has another role does at once', async () => {
  const { connection, clock, sockets, link, open } = setUp();
  connection.start();
  open();
  sockets.latest().die(4005);
  await clock.advance(0);
  assert.equal(sockets.opened.length, 2);
  open();
  sockets.latest().die(4004);
  assert.equal(link().status, 'ended');
  await clock.advance(120000);
  assert.equal(sockets.opened.length, 2);
});

test('a refused handshake asks whether there is a session, for browsers hide the 401', async () => {
  const { connection, sockets, link } = setUp({ isSignedIn: async () => false });
  connection.start();
  sockets.latest().die();
  await settled();
  assert.equal(link().status, 'ended');
});

test('a server that does not answer at all is no sign that the session ended', async () => {
  const { connection, sockets, link } = setUp({ isSignedIn: () => Promise.reject(new Error('unreachable')) });
  connection.start();
  sockets.latest().die();
  await settled();
  assert.equal(link().status, 'waiting');
});

test('an answer about the session before a new sign-in does not end the new one', async () => {
  let answer = () => {};
  const { connection, sockets, link } = setUp({ isSignedIn: () => new Promise((resolve) => (answer = resolve)) });
  connection.start();
  sockets.latest().die();
  connection.start();
  answer(false);
  await settled();
  assert.equal(link().status, 'connecting');
});

test('coming online or into view tries at once where it waits', async () => {
  const { connection, sockets, handlers, link } = setUp();
  connection.start();
  sockets.latest().die();
  handlers.online();
  assert.equal(sockets.opened.length, 2);
  sockets.latest().die();
  handlers.visible();
  assert.equal(sockets.opened.length, 3);
  assert.equal(link().status, 'connecting');
});

test('coming into view while open asks for a sign of life', () => {
  const { connection, sockets, handlers, open } = setUp();
  connection.start();
  open();
  handlers.visible();
  assert.ok(sockets.latest().last('ping'));
});

test('a cut without any network reads offline, and is still tried', async () => {
  const { connection, clock, sockets, link, open } = setUp({ wakeups: { isOnline: () => false, listen: () => () => {} } });
  connection.start();
  open();
  sockets.latest().die();
  assert.equal(link().status, 'offline');
  await clock.advance(500);
  assert.equal(sockets.opened.length, 2);
});

test('leaving a socket that cannot be right opens another one', async () => {
  const { connection, clock, sockets, link, open } = setUp();
  connection.start();
  open();
  connection.reconnect('gap');
  assert.deepEqual([link().status, link().why], ['waiting', 'gap']);
  await clock.advance(500);
  assert.equal(sockets.opened.length, 2);
});

test('a stopped connection refuses what was asked and stays closed', async () => {
  const { connection, clock, sockets, link, open } = setUp();
  connection.start();
  open();
  const asked = connection.request({ type: 'page', room: 1 });
  connection.stop();
  await assert.rejects(asked, { code: 'disconnected' });
  await clock.advance(120000);
  assert.equal(link().status, 'ended');
  assert.equal(sockets.opened.length, 1);
});
