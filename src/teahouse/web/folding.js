/**
 * The form in which texts are looked for, as the server's text.py folds them: without case, width, accents, points, strokes
 * and what does not show. The table tests/foldings.txt is read by the tests of both.
 */
import { ACCENT, PLAIN } from './characters.js';

const PLAIN_LETTERS = new Map(PLAIN.split(' ').map((pair) => [pair[0], pair.slice(1)]));
const LETTER = new RegExp(`[${[...PLAIN_LETTERS.keys()].join('')}]`, 'g');
const STRAY_TAGS = /(^|[^\u{1F3F4}\u{E0020}-\u{E007F}])[\u{E0020}-\u{E007F}]+/gu;
/** What does not show, but what spells a flag; and Arabic's tatweel. */
const LEFT_OUT = new RegExp(`[${ACCENT}\\u0640]|(?![\\u{E0020}-\\u{E007F}])\\p{Default_Ignorable_Code_Point}`, 'gu');
/** Two stops in one sign are an emoji, and are not taken apart. */
const PART = /[^\u203C\u2049]+/g;

/**
 * @param {string} text
 * @returns {string}
 */
export function fold(text) {
  if (/^[\x00-\x7F]*$/.test(text)) return text.toLowerCase();
  const parts = text.replace(STRAY_TAGS, '$1').replace(PART, (part) => part.normalize('NFKD'));
  const small = parts.replace(LEFT_OUT, '').toLowerCase().toUpperCase().toLowerCase().replace(/ς/g, 'σ');
  return small.replace(LETTER, (letter) => PLAIN_LETTERS.get(letter) || '').normalize('NFC');
}

/**
 * The form in which a name is looked for: folded, its spaces one each.
 *
 * @param {string} name
 */
export function searchKey(name) {
  return fold(name).trim().replace(/\s+/g, ' ');
}
