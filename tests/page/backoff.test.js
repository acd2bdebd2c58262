/** A crowd of pages whose house goes away for a while, over sockets and a clock moved by hand: who is back when. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Connection } from '../../src/teahouse/web/connection.js';
import { Roads } from '../../src/teahouse/web/transports/roads.js';
import { HandClock } from './support/clock.js';
import { Dice } from './support/dice.js';
import { welcome } from './support/sockets.js';

const CROWD = 200;
const NAMES = ['websocket', 'events', 'polls'];

/** A house that is there or not: who knocks is welcomed, or cut off, as soon as promises are kept. */
class FakeHouse {
  isUp = true;
  sockets = new Set();

  open() {
    const house = this;
    const socket = {
      send(text) {
        const { type, id } = JSON.parse(text);
        const answer = type === 'hello' ? welcome() : { type: 'pong', id, now: 0 };
        queueMicrotask(() => socket.onmessage({ data: answer }));
      },
      close: () => house.sockets.delete(socket),
    };
    this.sockets.add(socket);
    queueMicrotask(() => (this.isUp ? socket.onopen({}) : socket.onclose({ code: 1006 })));
    return socket;
  }

  goAway() {
    this.isUp = false;
    for (const socket of [...this.sockets]) socket.onclose({ code: 1006 });
  }
}

/** How many ms after the house's return each of the crowd was back, the first one first. */
async function returns({ road = 'websocket', awayMs, seed }) {
  const clock = new HandClock();
  const house = new FakeHouse();
  const dice = new Dice(seed);
  const back = [];
  let returnedAt = 0;
  const roads = () => {
    const memory = { recall: () => ({ name: road, why: 'blocked' }), remember: () => {} };
    return new Roads(NAMES.map((name) => ({ name, open: () => house.open() })), memory);
  };
  for (let number = 0; number < CROWD; number++) {
    const onLink = ({ status }) => status === 'open' && returnedAt && back.push(clock.now() - returnedAt);
    const connection = new Connection({
      url: '', clock, roads: roads(), random: dice.random, getCursors: () => ({ epoch: '', cursors: {} }), onEvent: () => {}, onLink,
    });
    connection.start();
  }
  await clock.advance(0);
  house.goAway();
  await clock.advance(awayMs);
  house.isUp = true;
  returnedAt = clock.now();
  await clock.advance(31000);
  return back;
}

for (const road of NAMES) {
  test(`after an outage of six seconds the last of two hundred is back within ten, by ${road}`, async () => {
    const back = await returns({ road, awayMs: 6000, seed: 7 });
    assert.equal(back.length, CROWD);
    assert.ok(back.at(-1) <= 10000, `the last after ${back.at(-1)} ms`);
  });
}

test('a crowd that comes back is spread over these seconds', async () => {
  const back = await returns({ awayMs: 6000, seed: 8 });
  const busiest = Math.max(...back.map((at) => back.filter((other) => at <= other && other < at + 1000).length));
  assert.ok(busiest < CROWD / 2, `${busiest} within one second`);
});

test('a house that is away for long is asked less often', async () => {
  const back = await returns({ awayMs: 7 * 60000, seed: 9 });
  assert.ok(back.at(-1) > 10000, `the last after ${back.at(-1)} ms`);
});
