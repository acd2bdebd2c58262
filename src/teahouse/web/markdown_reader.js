/**
 * markdown-it as it is set up here: CommonMark with tables and strikethrough, Chinese beside its marks, no HTML; addresses and
 * mentions are found by the page's own rules (links.js, mentions.js).
 *
 * @typedef {import('markdown-it').StateInline} StateInline
 */
import { linkAt, safeHref, START } from './links.js';
import { mentionAt } from './mentions.js';
import cjkFriendly from './vendor/markdown-it-cjk-friendly.js';
import MarkdownIt from './vendor/markdown-it.js';

const MAX_MENTIONS = 100;
/** Deeper than what is drawn (markdown.js), for markdown-it leaves out what is deeper than this. */
const MAX_NESTING = 48;
/** Where something may begin: what markdown-it stops at, a mention, a link. */
const NEXT = new RegExp(`[\\n!#$%&*+\\-:<=>@＠[\\\\\\]^_\`{}~]|${START}`, 'gi');

const reader = new MarkdownIt({ html: false, maxNesting: MAX_NESTING }).use(cjkFriendly);
reader.validateLink = (link) => safeHref(link) !== null;
reader.normalizeLink = (link) => link;
reader.normalizeLinkText = (link) => link;
reader.inline.ruler.at('text', readText);
reader.inline.ruler.before('text', 'address', readAddress);
reader.inline.ruler.before('text', 'mention', readMention);

/**
 * markdown-it's flat list of tokens.
 *
 * @param {string} text
 * @param {import('./text.js').Names} names
 */
export function read(text, names) {
  return reader.parse(text, { names, mentions: MAX_MENTIONS });
}

/**
 * @param {StateInline} state
 * @param {boolean} silent
 */
function readText(state, silent) {
  NEXT.lastIndex = state.pos;
  const end = Math.min(NEXT.exec(state.src)?.index ?? state.posMax, state.posMax);
  if (end === state.pos) return false;
  if (!silent) state.pending += state.src.slice(state.pos, end);
  state.pos = end;
  return true;
}

/**
 * An address that stands in the text. What is none that we open is text, and is not looked at again.
 *
 * @param {StateInline} state
 * @param {boolean} silent
 */
function readAddress(state, silent) {
  const link = linkAt(state.src, state.pos, state.posMax);
  if (!link) return false;
  const isLink = state.linkLevel === 0 && safeHref(link) !== null;
  if (!silent && !isLink) state.pending += link;
  if (!silent && isLink) {
    state.push('link_open', 'a', 1).attrs = [['href', link]];
    state.push('text', '', 0).content = link;
    state.push('link_close', 'a', -1);
  }
  state.pos += link.length;
  return true;
}

/**
 * @param {StateInline} state
 * @param {boolean} silent
 */
function readMention(state, silent) {
  const { src, pos } = state;
  const env = /** @type {{names: import('./text.js').Names, mentions: number}} */ (/** @type {unknown} */ (state.env));
  if ((src[pos] !== '@' && src[pos] !== '＠') || env.mentions <= 0) return false;
  env.mentions -= 1;
  const found = mentionAt(src, pos, env.names);
  if (!found || found.end > state.posMax) return false;
  if (!silent) {
    const token = state.push('mention', '', 0);
    token.content = src.slice(pos, found.end);
    token.meta = { name: found.name };
  }
  state.pos = found.end;
  return true;
}
