/**
 * Where a text names somebody, by the server's rule (mentions.py): `@` and a name, folded, up to where a word ends; of all names
 * that fit the longest. Who is meant the server says; this finds the place. tests/mentions.txt is read by the tests of both.
 */
import { RUN } from './characters.js';
import { searchKey } from './folding.js';

const MAX_KEY_CHARS = 64;
const AHEAD = 4 * MAX_KEY_CHARS;
const IN_WORD = new RegExp(`(?![${RUN}])[\\p{L}\\p{N}\\p{M}_]`, 'u');
const NO_NAME = /^\s/;
const MARK = /^[\p{M}\p{Default_Ignorable_Code_Point}]$/u;

/**
 * What stands at the `@` (or `＠`) at `at`: which of the `names` is meant, and how far the mention reaches. Null for nobody.
 *
 * @param {string} text
 * @param {number} at
 * @param {ReadonlySet<string>} names   as `searchKey` gives them
 * @returns {{name: string, end: number}|null}
 */
export function mentionAt(text, at, names) {
  const ahead = text.slice(at + 1, at + 1 + AHEAD).split('\n', 1)[0];
  if (names.size === 0 || !mayBegin(text, at)) return null;
  const name = longest(Array.from(searchKey(ahead)), names);
  return name === null ? null : { name, end: at + 1 + lengthOf(name, ahead) };
}

/**
 * Whether the `@` at `at` may begin a mention: inside no word, and with no space behind it.
 *
 * @param {string} text
 * @param {number} at
 */
export function mayBegin(text, at) {
  return !NO_NAME.test(text.slice(at + 1)) && !IN_WORD.test(lastOf(text.slice(Math.max(0, at - 2), at)));
}

/**
 * @param {string[]} folded   characters
 * @param {ReadonlySet<string>} names
 */
function longest(folded, names) {
  for (let end = Math.min(folded.length, MAX_KEY_CHARS); end > 0; end--) {
    const name = folded.slice(0, end).join('');
    if (names.has(name) && mayEnd(folded[end - 1], folded[end])) return name;
  }
  return null;
}

/**
 * Whether a name may end between two characters: not before a mark, nor inside a word.
 *
 * @param {string} last
 * @param {string|undefined} following
 */
function mayEnd(last, following) {
  if (following === undefined) return true;
  return !/\p{M}/u.test(following) && !(IN_WORD.test(last) && IN_WORD.test(following));
}

/**
 * How much of a text as it was typed makes a name, with the marks and what does not show after it.
 *
 * @param {string} name
 * @param {string} ahead
 */
function lengthOf(name, ahead) {
  let length = 0;
  let isWhole = false;
  for (const character of ahead) {
    if (isWhole && !MARK.test(character)) break;
    length += character.length;
    isWhole = isWhole || searchKey(ahead.slice(0, length)) === name;
  }
  return length;
}

/** @param {string} text   its last character, '' for none */
function lastOf(text) {
  const { length } = text;
  const isPair = length > 1 && /[\uDC00-\uDFFF]/.test(text[length - 1]);
  return text.slice(isPair ? length - 2 : Math.max(0, length - 1));
}
