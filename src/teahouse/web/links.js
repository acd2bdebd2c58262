/**
 * Where a link in a text ends, and whether it is one that we open: http, https and mailto only, after the browser's own reading
 * of it. Linear in the text.
 */

const BODY = /[^\s<>"`，。！？；：、（）「」『』《》【】]*/y;
const TAIL = /[.,;:!?'*_~]/;
const SAFE_PROTOCOLS = ['http:', 'https:', 'mailto:'];
const MAX_CHARS = 2048;

/**
 * The link that begins at `at`; what is no link after all is given back whole, so that it is read only once.
 *
 * @param {string} text
 * @param {number} at
 */
export function linkAt(text, at) {
  BODY.lastIndex = at;
  const [body] = /** @type {RegExpExecArray} */ (BODY.exec(text));
  return withoutTail(body) || body;
}

/**
 * A link without the punctuation that ends its sentence, and without a bracket that was opened before it.
 *
 * @param {string} link
 */
function withoutTail(link) {
  let end = link.length;
  let unopened = count(link, ')') - count(link, '(');
  for (; end > 0; end--) {
    if (link[end - 1] === ')' && unopened > 0) unopened -= 1;
    else if (!TAIL.test(link[end - 1])) break;
  }
  return link.slice(0, end);
}

/**
 * @param {string} text
 * @param {string} char
 */
function count(text, char) {
  return text.split(char).length - 1;
}

/**
 * The address as the browser reads it, or null where it is none that we open.
 *
 * @param {string} link
 */
export function safeHref(link) {
  if (link.length > MAX_CHARS) return null;
  try {
    const url = new URL(link);
    const isWhole = url.protocol === 'mailto:' ? url.pathname.includes('@') : url.hostname !== '';
    return SAFE_PROTOCOLS.includes(url.protocol) && isWhole ? url.href : null;
  } catch {
    return null;
  }
}
