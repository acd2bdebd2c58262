/**
 * Whether a text names somebody: `@` and their whole name, in any case. Both the counting of mentions and their marking
 * in the text ask here.
 */

const WORD = /[A-Za-z0-9_]/;
const SYNTAX = /[\\^$.*+?()[\]{}|/]/g;

/**
 * The first place at or after `from` where `text` names `name`, or -1.
 *
 * A name may not go on as a longer Latin word ("@benny" is not Ben), and the `@` may not stand inside one (an e-mail
 * address). Scripts without spaces have no such edges: "@小明你好" names 小明.
 *
 * @param {string} text
 * @param {string} name
 * @param {number} [from]
 * @returns {number}
 */
export function findMention(text, name, from = 0) {
  if (name === '' || !text.includes('@', from)) return -1;
  const sought = new RegExp(`@${name.replace(SYNTAX, '\\$&')}`, 'giu');
  sought.lastIndex = from;
  for (let found = sought.exec(text); found; found = sought.exec(text)) {
    if (isWhole(text, found.index, sought.lastIndex)) return found.index;
  }
  return -1;
}

/**
 * @param {string} text
 * @param {string} name
 */
export function mentions(text, name) {
  return findMention(text, name) >= 0;
}

/**
 * @param {string} text
 * @param {number} start
 * @param {number} end
 */
function isWhole(text, start, end) {
  const startsInside = start > 0 && WORD.test(text[start - 1]);
  const goesOn = end < text.length && WORD.test(text[end - 1]) && WORD.test(text[end]);
  return !startsInside && !goesOn;
}
