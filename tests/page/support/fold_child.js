/**
 * The page's fold for tests in another language: reads lines of JSON from its input, answers each with one. A line is
 * `{state, events}`: the events are folded into the state of that name, which begins empty, and the answer is what must be
 * the same however a state came about. `{forget}` drops a state.
 */
import { createInterface } from 'node:readline';
import { applyAll, initial } from '../../../src/teahouse/web/fold.js';

const states = new Map();

for await (const line of createInterface({ input: process.stdin })) {
  const { state: name, events, forget } = JSON.parse(line);
  if (forget) {
    states.delete(forget);
    continue;
  }
  const state = applyAll(states.get(name) || initial(), events);
  states.set(name, state);
  process.stdout.write(JSON.stringify(essence(state)) + '\n');
}

function essence({ cursors, rooms, gap }) {
  const told = ({ room, role, head, read, unread, messages, notices, loaded }) => ({ room, role, head, read, unread, messages, notices, loaded });
  return { cursors, gap, rooms: Object.fromEntries(Object.entries(rooms).map(([id, room]) => [id, told(room)])) };
}
