/**
 * The name that is being written after an `@`: where it stands, and whom it fits. Pure; views/suggestions.js draws the list.
 *
 * @typedef {{start: number, end: number, query: string}} Begun   `start`: of the `@` or `＠`; `end`: the caret
 */
import { fold, searchKey } from './folding.js';
import { mayBegin } from './mentions.js';

const MAX_CHARS = 64;
const BEGUN = /[@＠][^@＠\n]*$/;

/**
 * What stands between the last `@` of the line and the caret, names may have spaces; null when the caret is not in such words.
 *
 * @param {string} text
 * @param {number} caret
 * @returns {Begun|null}
 */
export function begunAt(text, caret) {
  const from = Math.max(0, caret - MAX_CHARS);
  const found = BEGUN.exec(text.slice(from, caret));
  if (!found) return null;
  const start = from + found.index;
  return mayBegin(text.slice(0, caret), start) ? { start, end: caret, query: text.slice(start + 1, caret) } : null;
}

/**
 * The people whom the words fit: a part of their name, or its beginning where there are several words. Nobody once a name is written
 * out: that needs no choice, and Enter sends.
 *
 * @template {{name: string}} T
 * @param {T[]} people
 * @param {string} query
 * @returns {T[]}
 */
export function fitting(people, query) {
  const wanted = fold(query).replace(/\s+/g, ' ');
  const keys = new Map(people.map((person) => [person, searchKey(person.name)]));
  if ([...keys.values()].includes(wanted.trim())) return [];
  const begins = (/** @type {T} */ person) => /** @type {string} */ (keys.get(person)).startsWith(wanted);
  const contains = (/** @type {T} */ person) => !wanted.includes(' ') && /** @type {string} */ (keys.get(person)).includes(wanted);
  return [...people.filter(begins), ...people.filter((person) => !begins(person) && contains(person))];
}
