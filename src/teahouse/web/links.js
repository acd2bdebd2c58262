/**
 * Where a link in a text ends, and whether it is one that we open: http, https and mailto only, after the browser's own reading
 * of it. Linear in the text.
 */

/** Where one may begin; `www.` stands for https. */
export const START = '(?:https?:\\/\\/|mailto:|www\\.)';
const BEGINS = new RegExp(START, 'iy');
const LETTER_OR_DIGIT = /[A-Za-z0-9]/;
/** ASCII but quotation marks, angles, backslash and what makes words bold or struck; beyond it what is no punctuation (Unicode's P, Sm). */
const BODY = /(?:(?!\*\*|~~)[!#-;=?-[\]^_a-~]|(?![\x00-\x7F])[\p{L}\p{M}\p{N}\p{So}])*/uy;
const OPENS = '([{';
const CLOSES = ')]}';
const TAIL = /[.,;:!?'*_~([{]/;
const SAFE_PROTOCOLS = ['http:', 'https:', 'mailto:'];
const MAX_CHARS = 2048;

/**
 * The link that begins at `at`, '' where none does; what is no link after all (`safeHref`) is given back whole, so that it is read
 * only once.
 *
 * @param {string} text
 * @param {number} at
 * @param {number} [end]   how far the text goes
 */
export function linkAt(text, at, end = text.length) {
  BEGINS.lastIndex = at;
  if (!BEGINS.test(text) || LETTER_OR_DIGIT.test(text[at - 1] || ' ')) return '';
  BODY.lastIndex = at;
  const [body] = /** @type {RegExpExecArray} */ (BODY.exec(text));
  const link = balanced(body.slice(0, end - at));
  let length = link.length;
  while (length > 0 && TAIL.test(link[length - 1])) length -= 1;
  return link.slice(0, length);
}

/**
 * A link up to the first bracket that closes what was opened before it.
 *
 * @param {string} link
 */
function balanced(link) {
  const open = [0, 0, 0];
  for (let at = 0; at < link.length; at++) {
    const opens = OPENS.indexOf(link[at]);
    const closes = CLOSES.indexOf(link[at]);
    if (opens >= 0) open[opens] += 1;
    if (closes >= 0 && --open[closes] < 0) return link.slice(0, at);
  }
  return link;
}

/**
 * The address as the browser reads it, or null where it is none that we open.
 *
 * @param {string} link
 */
export function safeHref(link) {
  if (link.length > MAX_CHARS) return null;
  try {
    const url = new URL(/^www\./i.test(link) ? `https://${link}` : link);
    const isWhole = url.protocol === 'mailto:' ? url.pathname.includes('@') : url.hostname !== '' && url.hostname !== 'www.';
    return SAFE_PROTOCOLS.includes(url.protocol) && isWhole ? url.href : null;
  } catch {
    return null;
  }
}
