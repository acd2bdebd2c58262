/**
 * What people write, as tokens: blocks of code, emphasis, links, mentions. Every function takes time linear in the text
 * (safety.md, "What people post"), whatever the text is; drawing the tokens is views/rich_text.js's.
 *
 * @typedef {{type: 'text', text: string}
 *   | {type: 'code', text: string}
 *   | {type: 'pre', text: string, lang: string}
 *   | {type: 'link', text: string, href: string}
 *   | {type: 'mention', text: string, name: string}
 *   | {type: 'break'}
 *   | {type: 'strong', children: Token[]}
 *   | {type: 'em', children: Token[]}} Token
 * @typedef {ReadonlySet<string>} Names   as they are looked for (folding.js)
 */
import { searchKey } from './folding.js';
import { linkAt, safeHref } from './links.js';
import { mentionAt } from './mentions.js';

const MARK = /`+|\*+|https?:\/\/|mailto:|[@＠]/gi;
const MAX_MENTIONS = 100;
const WORD = /[A-Za-z0-9_]/;
const FLAG = '\\p{Regional_Indicator}{2}';
const PICTURE = '\\p{Extended_Pictographic}(?:\\uFE0F|\\p{Emoji_Modifier}|\\u200D\\p{Extended_Pictographic})*';
const ONLY_EMOJI = new RegExp(`^(?:${FLAG}|${PICTURE}){1,3}$`, 'u');
const MAX_EMOJI_UNITS = 32;

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
 * @param {string} text
 * @param {Names} [names]
 * @returns {Token[]}
 */
export function parse(text, names = new Set()) {
  /** @type {Token[]} */
  const tokens = [];
  const lines = text.split('\n');
  const budget = { mentions: MAX_MENTIONS };
  for (let at = 0; at < lines.length; at++) {
    const fence = /^```([\w+#.-]*)\s*$/.exec(lines[at]);
    if (fence) {
      const start = at + 1;
      for (at = start; at < lines.length && lines[at].trimEnd() !== '```'; at++);
      tokens.push({ type: 'pre', text: lines.slice(start, at).join('\n'), lang: fence[1] });
      continue;
    }
    if (tokens.length > 0 && tokens[tokens.length - 1].type !== 'pre') tokens.push({ type: 'break' });
    for (const token of new Line(lines[at], names, budget).parse()) tokens.push(token);
  }
  return tokens;
}

/** One line. Emphasis and code spans do not cross its end, so an asterisk that nobody closed spoils no other line. */
class Line {
  /**
   * @param {string} text
   * @param {Names} names
   * @param {{mentions: number}} budget   look-ups left for the whole text
   */
  constructor(text, names, budget) {
    this.text = text;
    this.names = names;
    this.budget = budget;
    /** What is open, outermost first: the line itself, then at most one `**` and one `*`.
     * @type {{mark: string, children: Token[]}[]} */
    this.open = [{ mark: '', children: [] }];
    /** @type {Map<number, number[]>|null} */
    this.ticks = null;
  }

  /** @returns {Token[]} */
  parse() {
    const { text } = this;
    let done = 0;
    for (let at = 0; at < text.length; ) {
      MARK.lastIndex = at;
      const found = MARK.exec(text);
      if (!found) break;
      this.say(text.slice(done, found.index));
      done = at = this.take(found[0], found.index);
    }
    this.say(text.slice(done));
    while (this.open.length > 1) this.giveUp();
    return this.open[0].children;
  }

  /**
   * Take what begins with `mark`; the place after it.
   *
   * @param {string} mark
   * @param {number} at
   */
  take(mark, at) {
    if (mark[0] === '`') return this.takeCode(mark, at);
    if (mark[0] === '*') return this.takeStars(mark, at);
    if (mark === '@' || mark === '＠') return this.takeMention(at);
    return this.takeLink(at);
  }

  /**
   * @param {string} mark
   * @param {number} at
   */
  takeCode(mark, at) {
    const start = at + mark.length;
    const end = this.closingTicks(mark.length, start);
    if (end < 0) this.say(mark);
    else this.add({ type: 'code', text: this.text.slice(start, end) });
    return end < 0 ? start : end + mark.length;
  }

  /**
   * Where the next run of exactly `length` backticks is, or -1. Every run is looked at once: those behind are thrown away.
   *
   * @param {number} length
   * @param {number} from
   */
  closingTicks(length, from) {
    this.ticks = this.ticks || runsOfTicks(this.text);
    const runs = this.ticks.get(length) || [];
    while (runs.length > 0 && runs[runs.length - 1] < from) runs.pop();
    return runs.length > 0 ? runs[runs.length - 1] : -1;
  }

  /**
   * @param {string} run
   * @param {number} at
   */
  takeStars(run, at) {
    const before = this.text[at - 1] || ' ';
    const after = this.text[at + run.length] || ' ';
    let left = run.length > 3 ? '' : run;
    if (/\S/.test(before)) left = this.close(left, after);
    if (left && /\S/.test(after)) left = this.begin(left, before);
    this.say(run.length > 3 ? run : left);
    return at + run.length;
  }

  /**
   * Close what `stars` can close, innermost first; the stars left over. A single star closes nothing inside a Latin word.
   *
   * @param {string} stars
   * @param {string} after
   */
  close(stars, after) {
    for (;;) {
      const index = this.lastOpen((mark) => mark.length <= stars.length && (mark === '**' || !WORD.test(after)));
      if (index < 0) return stars;
      while (this.open.length > index + 1) this.giveUp();
      const { mark, children } = /** @type {{mark: string, children: Token[]}} */ (this.open.pop());
      this.add({ type: mark === '**' ? 'strong' : 'em', children });
      stars = stars.slice(mark.length);
    }
  }

  /**
   * Open what `stars` can open; the stars left over. The nearest opening counts: one of the same kind that waits is given up.
   *
   * @param {string} stars
   * @param {string} before
   */
  begin(stars, before) {
    for (const mark of ['**', '*']) {
      if (stars.length < mark.length || (mark === '*' && WORD.test(before))) continue;
      const same = this.lastOpen((other) => other === mark);
      while (same > 0 && this.open.length > same) this.giveUp();
      this.open.push({ mark, children: [] });
      stars = stars.slice(mark.length);
    }
    return stars;
  }

  /** @param {(mark: string) => boolean} wanted */
  lastOpen(wanted) {
    for (let index = this.open.length - 1; index > 0; index--) if (wanted(this.open[index].mark)) return index;
    return -1;
  }

  /** The innermost opening was none: its mark is text, what it held belongs to its parent. At most two deep, so linear. */
  giveUp() {
    const { mark, children } = /** @type {{mark: string, children: Token[]}} */ (this.open.pop());
    this.say(mark);
    for (const child of children) {
      if (child.type === 'text') this.say(child.text);
      else this.add(child);
    }
  }

  /** @param {number} at */
  takeMention(at) {
    const found = this.budget.mentions-- > 0 ? mentionAt(this.text, at, this.names) : null;
    const end = found ? found.end : at + 1;
    const text = this.text.slice(at, end);
    if (found) this.add({ type: 'mention', text, name: found.name });
    else this.say(text);
    return end;
  }

  /** @param {number} at */
  takeLink(at) {
    const text = linkAt(this.text, at);
    const href = WORD.test(this.text[at - 1] || ' ') ? null : safeHref(text);
    if (href) this.add({ type: 'link', text, href });
    else this.say(text);
    return at + text.length;
  }

  /** @param {string} text */
  say(text) {
    const { children } = this.open[this.open.length - 1];
    const last = children[children.length - 1];
    if (last && last.type === 'text') last.text += text;
    else if (text) children.push({ type: 'text', text });
  }

  /** @param {Token} token */
  add(token) {
    this.open[this.open.length - 1].children.push(token);
  }
}

/**
 * Where the runs of backticks are, by their length, the first one last.
 *
 * @param {string} text
 */
function runsOfTicks(text) {
  const runs = new Map();
  for (const { 0: run, index } of text.matchAll(/`+/g)) {
    if (!runs.has(run.length)) runs.set(run.length, []);
    runs.get(run.length).push(index);
  }
  for (const places of runs.values()) places.reverse();
  return runs;
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
