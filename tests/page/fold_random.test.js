/** The fold against a model server and an unfair network: what it holds at the end is what a fresh page would load. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Dice } from './support/dice.js';
import { ModelReader } from './support/model_reader.js';
import { ModelServer } from './support/model_server.js';

const EMOJI = ['👍', '🍵'];

/** One thing that someone does, or that the network does to the reader. */
function step({ server, rooms, people, me, reader, dice }) {
  const room = dice.one(rooms);
  const person = dice.one(people);
  const { user } = person;
  const messages = server.page(room, { limit: 1000 }).messages.filter(({ removed }) => !removed);
  const message = messages.length > 0 ? dice.one(messages) : null;
  const choice = dice.below(100);
  const mentions = dice.happens(0.3) ? [me.user.id] : undefined;
  if (choice < 20) server.post(room, user, `words ${dice.below(1000)}`, { replyTo: message && dice.happens(0.3) ? message.seq : 0, mentions });
  else if (choice < 26 && message) server.edit(room, message.by, message.seq, `better ${dice.below(1000)}`, mentions);
  else if (choice < 29 && message) server.remove(room, message.by, message.seq);
  else if (choice < 50 && message) react(server, room, user, dice.one(messages.slice(-4)), dice);
  else if (choice < 52) server.rename(room, user, `name ${dice.below(100)}`);
  else if (choice < 55 && server.isMember(room, me)) server.read(room, me, dice.below(server.head(room) + 1));
  else if (choice < 57) comeOrGo(server, room, me, people[0]);
  else if (choice < 70) askForPage(reader, server, dice, me);
  else if (choice < 72) reader.reconnect();
  else reader.arrive();
}

function react(server, room, by, { seq, reactions = [] }, dice) {
  const emoji = dice.one(EMOJI);
  const known = reactions.find((one) => one.emoji === emoji);
  server.react(room, by, seq, emoji, !known || !known.users.some(({ id }) => id === by.id));
}

function comeOrGo(server, room, me, host) {
  if (server.isMember(room, me)) server.putOut(room, me, host.user);
  else server.add(room, me, host.user);
}

function askForPage(reader, server, dice, me) {
  const known = Object.values(reader.state.rooms).filter(({ room }) => server.isMember(room.id, me));
  if (known.length === 0) return;
  const { room, messages, head } = dice.one(known);
  const mode = dice.one(['latest', 'before', 'after', 'around']);
  if (mode === 'latest') reader.ask(room.id, mode);
  else if (mode === 'around') reader.ask(room.id, mode, 1 + dice.below(head + 1));
  else if (messages.length > 0) reader.ask(room.id, mode, mode === 'before' ? messages[0].seq : messages[messages.length - 1].seq);
}

/** What must be the same, however the state came about. Who of a crowd is named depends on when they were told of. */
function essence({ cursors, rooms, you }) {
  const counted = ({ emoji, users, more = 0 }) => ({ emoji, n: users.length + more, mine: users.some(({ id }) => id === you.id) });
  const plain = (message) => ({ ...message, reactions: (message.reactions || []).map(counted) });
  const told = ({ room, head, read, unread, mention, messages, notices }) => [
    room.id,
    { room, head, read, unread, mention, messages: messages.map(plain), notices },
  ];
  return { cursors, rooms: Object.fromEntries(Object.values(rooms).map(told)) };
}

for (let seed = 1; seed <= 100; seed++) {
  test(`a state folded from events equals one loaded afresh (seed ${seed})`, () => {
    const dice = new Dice(seed);
    const server = new ModelServer();
    const [me, ...people] = ['Aiko', 'Ben', 'Chen', 'Dora', 'Emil'].map((name) => server.user(name));
    const rooms = ['lobby', 'garden'].map((name) => server.room(name, ...people, me));
    const reader = new ModelReader(server, me, dice);
    const scene = { server, rooms, people: [me, ...people], me, reader, dice };
    for (let steps = 0; steps < 400; steps++) step(scene);
    reader.arriveAll();
    reader.loadAll();
    const fresh = new ModelReader(server, me, dice);
    fresh.loadAll();
    assert.deepEqual(essence(reader.state), essence(fresh.state));
  });
}
