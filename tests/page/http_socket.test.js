/** transports/: the roads by plain HTTP, against a server that answers by hand. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { EventsSocket } from '../../src/teahouse/web/transports/events.js';
import { PollsSocket } from '../../src/teahouse/web/transports/polls.js';
import { HandClock, settled } from './support/clock.js';
import { PlainHttp } from './support/plain_http.js';

const HELLO = '{"type":"hello","id":1}';
const OPENED = { type: 'opened', connection: 'c1' };

async function setUp(Socket, before = { name: '' }) {
  const http = new PlainHttp();
  const clock = new HandClock();
  const socket = new Socket({ base: '/api/v1', fetch: http.fetch, clock, before });
  const heard = [];
  const codes = [];
  socket.onopen = () => socket.send(HELLO);
  socket.onmessage = ({ data }) => heard.push(data);
  socket.onclose = ({ code }) => codes.push(code);
  await settled();
  return { socket, http, clock, heard, codes, before };
}

async function openStream(before) {
  const all = await setUp(EventsSocket, before);
  const stream = all.http.last.stream();
  await stream.say(OPENED);
  return { ...all, stream };
}

const posts = (http) => http.asked.filter(({ path }) => path.startsWith('/api/v1/connections'));
const command = (number) => JSON.stringify({ type: 'post', id: number });

test('an event stream begins with the hello and hands on what is said, in whatever pieces it comes', async () => {
  const { http, stream, heard } = await openStream();
  assert.deepEqual([http.asked[0].method, http.asked[0].path, http.asked[0].body], ['GET', '/api/v1/events?id=1', undefined]);
  const octets = new TextEncoder().encode(':\n\nid: 1:7\ndata: {"type":"entry","text":"茶"}\n\ndata: {"type":"pong"}\n\n');
  for (const octet of octets) await stream.bytes(new Uint8Array([octet]));
  assert.deepEqual(heard, [{ type: 'entry', text: '茶' }, { type: 'pong' }]);
});

test('a hello that resumes says its cursors in the address, and in a body where they are too long for one', async () => {
  const short = { type: 'hello', id: 2, epoch: 'e', cursors: { 1: 7 } };
  const long = { ...short, cursors: Object.fromEntries(Array.from({ length: 500 }, (_, room) => [room, 7])) };
  const { asked, fetch } = new PlainHttp();
  for (const hello of [short, long])
    new EventsSocket({ base: '', fetch, clock: new HandClock(), before: { name: 'c1' } }).send(JSON.stringify(hello));
  const { searchParams } = new URL(asked[0].path, 'http://house');
  assert.deepEqual([asked[0].method, asked[0].body], ['GET', undefined]);
  assert.deepEqual(Object.fromEntries(searchParams), { instead_of: 'c1', id: '2', epoch: 'e', cursors: '{"1":7}' });
  assert.deepEqual([asked[1].method, asked[1].path, asked[1].body], ['POST', '/events?instead_of=c1', long]);
});

test('commands go one request after the other, those that gathered meanwhile together', async () => {
  const { socket, http } = await openStream();
  for (const number of [1, 2, 3]) socket.send(command(number));
  await settled();
  assert.deepEqual(posts(http).map(({ path, body }) => [path, body.map(({ id }) => id)]), [['/api/v1/connections/c1', [1]]]);
  await http.last.answer(204);
  assert.deepEqual(posts(http)[1].body.map(({ id }) => id), [2, 3]);
});

test('commands before the name is known wait for it', async () => {
  const { socket, http } = await setUp(EventsSocket);
  socket.send(command(1));
  await settled();
  assert.equal(posts(http).length, 0);
  await http.last.stream().say(OPENED);
  assert.equal(posts(http).length, 1);
});

test('one request carries no more than the server takes', async () => {
  const { socket, http } = await openStream();
  socket.send(command(0));
  for (let number = 1; number <= 150; number++) socket.send(command(number));
  const long = JSON.stringify({ type: 'post', text: '茶'.repeat(15000) });
  socket.send(long);
  socket.send(long);
  const sizes = [];
  for (let index = 0; index < 4; index++) {
    sizes.push(posts(http)[index].body.length);
    await posts(http)[index].answer(204);
  }
  assert.deepEqual(sizes, [1, 100, 51, 1]);
});

test('commands that the server asks to hold back are sent again in their order', async () => {
  const { socket, http, clock } = await openStream();
  socket.send(command(1));
  socket.send(command(2));
  await settled();
  await http.last.answer(429, {}, { 'Retry-After': '2' });
  await clock.advance(1999);
  assert.equal(posts(http).length, 1);
  await clock.advance(1);
  assert.deepEqual(posts(http)[1].body.map(({ id }) => id), [1, 2]);
});

for (const [what, end] of [
  ['a command that is lost', async ({ socket, http }) => (socket.send(command(1)), await settled(), http.last.fail())],
  ['a command that is refused', async ({ socket, http }) => (socket.send(command(1)), await settled(), http.last.answer(404, {}))],
  ['a stream that ends', ({ stream }) => stream.end()],
]) {
  test(`${what} is a cut, told once, and nothing is heard afterwards`, async () => {
    const all = await openStream();
    await end(all);
    all.socket.take({ type: 'pong' });
    assert.deepEqual(all.codes, [1006]);
    assert.deepEqual(all.heard, []);
    assert.ok(all.http.asked[0].isAborted);
  });
}

test('the code of the end is the one that the server tells', async () => {
  const { stream, codes } = await openStream();
  await stream.say({ type: 'closed', code: 4001, reason: 'the session has ended' });
  assert.deepEqual(codes, [4001]);
});

for (const [status, code] of [[401, 4001], [429, 1013], [503, 1013], [404, 1006], [502, 1006]]) {
  test(`a stream refused with ${status} ends as ${code}`, async () => {
    const { http, codes } = await setUp(EventsSocket);
    await http.last.answer(status, {});
    assert.deepEqual(codes, [code]);
  });
}

test('a command that is too long ends it as a WebSocket would', async () => {
  const { socket, http, codes } = await openStream();
  socket.send(command(1));
  await settled();
  await http.last.answer(413, {});
  assert.deepEqual(codes, [1009]);
});

test('what is closed asks for nothing more and tells nothing', async () => {
  const { socket, http, codes } = await openStream();
  socket.close();
  socket.send(command(1));
  await settled();
  assert.ok(http.asked[0].isAborted);
  assert.deepEqual([codes, posts(http).filter(({ isAborted }) => !isAborted)], [[], []]);
});

test('a stream takes the place of the one before it', async () => {
  const before = { name: '' };
  await openStream(before);
  const { http } = await setUp(PollsSocket, before);
  assert.equal(http.last.path, '/api/v1/polls?instead_of=c1');
});

test('polls follow each other by number and hand on every event', async () => {
  const { http, heard } = await setUp(PollsSocket);
  assert.deepEqual([http.last.method, http.last.path], ['POST', '/api/v1/polls']);
  await http.last.answer(201, { batch: 1, events: [OPENED] });
  await http.last.answer(200, { batch: 2, events: [] });
  assert.deepEqual([http.last.method, http.last.path], ['GET', '/api/v1/polls/c1/3']);
  await http.last.answer(200, { batch: 3, events: [{ type: 'pong' }, { type: 'typing' }] });
  assert.deepEqual(heard, [{ type: 'pong' }, { type: 'typing' }]);
});

test('a poll that was lost is asked for again under its number, and given up after three', async () => {
  const { http, codes } = await setUp(PollsSocket);
  await http.last.answer(201, { batch: 1, events: [OPENED] });
  await http.last.fail();
  await http.last.answer(502, {});
  assert.deepEqual(http.asked.slice(1).map(({ path }) => path), Array(3).fill('/api/v1/polls/c1/2'));
  await http.last.fail();
  assert.deepEqual(codes, [1006]);
});

test('a poll of a connection that is gone is a cut', async () => {
  const { http, codes } = await setUp(PollsSocket);
  await http.last.answer(201, { batch: 1, events: [OPENED] });
  await http.last.answer(404, {});
  assert.deepEqual(codes, [1006]);
});
