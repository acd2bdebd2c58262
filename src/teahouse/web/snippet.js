/**
 * What a search result shows of a message: the neighbourhood of its first match on one line, cut into marked and plain pieces.
 *
 * @typedef {{text: string, isMark: boolean}} Piece
 */

const BEFORE = 24;
const LENGTH = 180;

/**
 * @param {string} text
 * @param {[number, number][]} marks   rising, apart, in Unicode characters
 * @returns {Piece[]}
 */
export function snippet(text, marks) {
  const characters = Array.from(text);
  const first = marks.length > 0 ? marks[0][0] : 0;
  const start = first > BEFORE * 2 ? first - BEFORE : 0;
  const end = Math.min(characters.length, start + LENGTH);
  const words = (/** @type {number} */ from, /** @type {number} */ to) => characters.slice(from, to).join('').replace(/\s+/g, ' ');
  /** @type {Piece[]} */
  const pieces = [{ text: start > 0 ? '… ' : '', isMark: false }];
  let at = start;
  for (const [from, to] of marks) {
    if (from >= end) break;
    pieces.push({ text: words(at, from), isMark: false }, { text: words(from, Math.min(to, end)), isMark: true });
    at = Math.min(to, end);
  }
  const rest = words(at, end);
  pieces.push({ text: end < characters.length ? `${rest.trimEnd()} …` : rest, isMark: false });
  return pieces.filter((piece) => piece.text !== '');
}
