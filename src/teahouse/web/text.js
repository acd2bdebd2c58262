/**
 * What a message's text is to those that draw it. Markdown is read by markdown.js, which is loaded once somebody is inside; until
 * then, and where it cannot be loaded, a text is shown as it was written.
 *
 * @typedef {ReadonlySet<string>} Names   as they are looked for (folding.js)
 */
import { searchKey } from './folding.js';
import { signal } from './vendor/signals-core.js';

const FLAG = '\\p{Regional_Indicator}{2}|\\u{1F3F4}[\\u{E0030}-\\u{E007A}]+\\u{E007F}';
const KEYCAP = '[0-9#*]\\uFE0F\\u20E3';
/** What is drawn in colour by itself, or is asked to be; ©, ™ and ↔ are not. */
const PICTURE = '(?!\\p{Regional_Indicator})(?:\\p{Emoji_Presentation}(?!\\uFE0E)|\\p{Extended_Pictographic}(?=\\uFE0F|\\p{Emoji_Modifier}))';
const ADDED = '(?:\\uFE0F|\\p{Emoji_Modifier}|\\u200D\\p{Extended_Pictographic})*';
const ONLY_EMOJI = new RegExp(`^(?:${FLAG}|${KEYCAP}|${PICTURE}${ADDED}){1,3}$`, 'u');
const MAX_EMOJI_UNITS = 128;
const QUOTED_CHARS = 400;

/** The reader of Markdown, null until it is there. @type {import('./types.js').Signal<typeof import('./markdown.js')|null>} */
export const markdown = signal(/** @type {typeof import('./markdown.js')|null} */ (null));

/** Load it; without it, texts are read as they were written, so its absence is no fault. */
export async function loadMarkdown() {
  if (!markdown.peek()) markdown.value = await import('./markdown.js').catch(() => null);
}

/**
 * The names that a text may mention, ready for looking up.
 *
 * @param {Iterable<string>} names
 * @returns {Names}
 */
export function indexNames(names) {
  return new Set(Array.from(names, searchKey).filter(Boolean));
}

/**
 * The beginning of a text on one line, without the marks that shape it: for quotes.
 *
 * @param {string} [text]
 */
export function oneLine(text = '') {
  const beginning = text.slice(0, QUOTED_CHARS);
  return markdown.value ? markdown.value.spoken(markdown.value.parse(beginning)) : beginning;
}

/**
 * Whether a text is one to three emoji and nothing else; it is drawn larger then.
 *
 * @param {string} text
 */
export function isOnlyEmoji(text) {
  const bare = text.replace(/\s/g, '');
  return bare.length <= MAX_EMOJI_UNITS && ONLY_EMOJI.test(bare);
}
