/** How a message reads now that somebody keeps by its number: what was erased is shown nowhere, whoever looked at it before. */
import { indexOf } from './timeline.js';

/**
 * Its text as the room knows it, '' when it was removed, undefined where the room knows nothing of it.
 *
 * @param {import('./types.js').RoomState|undefined} room
 * @param {number} seq
 * @returns {string|undefined}
 */
export function textNow(room, seq) {
  if (!room) return undefined;
  const index = indexOf(room.messages, seq);
  if (index >= 0) return room.messages[index].text;
  const facts = room.recent.filter((entry) => entry.fact.message === seq).map(({ fact }) => fact);
  if (facts.some(({ type }) => type === 'removed')) return '';
  return facts.filter(({ type }) => type === 'edited').pop()?.text;
}
