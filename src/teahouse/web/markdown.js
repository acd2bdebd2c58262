/**
 * What people write, as a tree: CommonMark with tables, strikethrough and task lists, links, mentions. The reader is markdown-it,
 * set up in markdown_reader.js, whose tokens are taken, never its HTML; drawing the tree is views/rich_text.js's. Every function takes time linear in the text
 * (safety.md, "What people post"), and a tree of more than MAX_NODES or MAX_DEPTH is given up for the text as it was written.
 *
 * @typedef {{type: 'text', text: string} | {type: 'plain', text: string} | {type: 'code', text: string} | {type: 'break'}
 *   | {type: 'rule'} | {type: 'pre', text: string, info: string} | {type: 'mention', text: string, name: string} | Branch} Token
 * @typedef {{type: 'paragraph'|'quote'|'list'|'item'|'heading'|'table'|'row'|'cell'|'strong'|'em'|'del'|'link'|'span',
 *   children: Token[], level?: number, start?: number|null, done?: boolean, head?: boolean, align?: string, href?: string}} Branch
 *   `info`: what stands beside a fence, a language first; `start`: an ordered list's first number; `done`: of a task
 * @typedef {import('./text.js').Names} Names
 * @typedef {import('markdown-it').Token} Read
 */
import { safeHref } from './links.js';
import { read } from './markdown_reader.js';

export const MAX_NODES = 5000;
export const MAX_DEPTH = 24;
const TASK = /^\[([ xX])\][ \t]+/;
const NO_NAMES = new Set();
/** What has children and nothing else, by markdown-it's name. @type {Map<string, Branch['type']>} */
const PLAIN_BRANCHES = new Map([
  ['blockquote', 'quote'], ['list_item', 'item'], ['table', 'table'], ['tr', 'row'], ['strong', 'strong'], ['em', 'em'], ['s', 'del'],
]);
const INLINE = new Set(['strong', 'em', 'del', 'link', 'span']);
const SHORT = 512;

/**
 * The blocks of a text.
 *
 * @param {string} text
 * @param {Names} [names]
 * @returns {Token[]}
 */
export function parse(text, names = NO_NAMES) {
  return blocksOf(text, names).blocks;
}

/**
 * @param {string} text
 * @param {Names} names
 * @returns {{blocks: Token[], lines: number[]}}   `lines`: where the blocks begin
 */
function blocksOf(text, names) {
  const tokens = read(text, names);
  const tree = new Tree();
  if (!tree.take(tokens) || !tree.saysSomething) return { blocks: [{ type: 'plain', text }], lines: [0] };
  return { blocks: tree.root.children, lines: tokens.flatMap(({ level, nesting, map }) => (level === 0 && nesting >= 0 && map ? map[0] : [])) };
}

/** From markdown-it's flat tokens the nested ones that are drawn. */
class Tree {
  constructor() {
    /** @type {Branch} */
    this.root = { type: 'span', children: [] };
    this.open = [this.root];
    this.nodes = 0;
    /** Whether anything would be seen: `#` alone is a heading of nothing. */
    this.saysSomething = false;
  }

  /**
   * @param {Read[]} tokens
   * @returns {boolean}   false where it became too large to be drawn
   */
  take(tokens) {
    for (const token of tokens) {
      if (this.nodes > MAX_NODES || this.open.length > MAX_DEPTH) return false;
      if (token.type === 'inline') {
        if (!this.take(token.children || [])) return false;
      } else if (token.nesting === 1) this.begin(token);
      else if (token.nesting === -1) this.end(token);
      else if (token.type !== 'text' || token.content) this.add(leafOf(token));
    }
    return true;
  }

  /** @param {Read} token */
  begin(token) {
    const branch = branchOf(token);
    if (!branch) return;
    this.add(branch);
    this.open.push(branch);
  }

  /** @param {Read} token */
  end(token) {
    if (!branchOf(token)) return;
    const branch = /** @type {Branch} */ (this.open.pop());
    if (branch.type === 'item') takeTask(branch);
  }

  /** @param {Token} token */
  add(token) {
    this.open[this.open.length - 1].children.push(token);
    this.nodes += 1;
    this.saysSomething ||= token.type === 'rule' || token.type === 'pre' || words([token]).trim() !== '';
  }
}

/**
 * @param {Read} token   one that opens or closes
 * @returns {Branch|null}   null for what is not drawn itself: the paragraph of a tight list, the parts of a table
 */
function branchOf({ type, tag, attrs, hidden }) {
  /** @type {Token[]} */
  const children = [];
  const kind = type.replace(/_(?:open|close)$/, '');
  const plain = PLAIN_BRANCHES.get(kind);
  if (plain) return { type: plain, children };
  switch (kind) {
    case 'paragraph':
      return hidden ? null : { type: 'paragraph', children };
    case 'heading':
      return { type: 'heading', level: Number(tag[1]), children };
    case 'bullet_list':
      return { type: 'list', start: null, children };
    case 'ordered_list':
      return { type: 'list', start: Number(attribute(attrs, 'start') || 1), children };
    case 'th':
    case 'td':
      return { type: 'cell', head: tag === 'th', align: attribute(attrs, 'style').replace('text-align:', ''), children };
    case 'link':
      return linkTo(attribute(attrs, 'href'), children);
    default:
      return null;
  }
}

/**
 * A picture is a link to it: nothing is loaded from elsewhere.
 *
 * @param {Read} token
 * @returns {Token}
 */
function leafOf({ type, content, info, attrs, meta }) {
  switch (type) {
    case 'softbreak':
    case 'hardbreak':
      return { type: 'break' };
    case 'hr':
      return { type: 'rule' };
    case 'code_inline':
      return { type: 'code', text: content };
    case 'fence':
    case 'code_block':
      return { type: 'pre', text: content.replace(/\n$/, ''), info: info.trim() };
    case 'mention':
      return { type: 'mention', text: content, name: String(meta?.name) };
    case 'image': {
      const source = attribute(attrs, 'src');
      return linkTo(source, [{ type: 'text', text: content || source }]);
    }
    default:
      return { type: 'text', text: content };
  }
}

/**
 * Whether an address is one that we open is asked here again, whoever let it through.
 *
 * @param {string} address
 * @param {Token[]} children
 * @returns {Branch}
 */
function linkTo(address, children) {
  const href = safeHref(address);
  return href ? { type: 'link', href, children } : { type: 'span', children };
}

/**
 * @param {Read['attrs']} attrs
 * @param {string} name
 */
function attribute(attrs, name) {
  return String(attrs?.find(([key]) => key === name)?.[1] ?? '');
}

/** @param {Branch} item   of a list; a task from here on where it begins with `[ ]` or `[x]` */
function takeTask(item) {
  const first = item.children[0]?.type === 'paragraph' ? item.children[0].children[0] : item.children[0];
  const task = first?.type === 'text' && TASK.exec(first.text);
  if (!task) return;
  item.done = task[1] !== ' ';
  /** @type {{text: string}} */ (first).text = /** @type {{text: string}} */ (first).text.slice(task[0].length);
}

/**
 * What a tree says, on one line.
 *
 * @param {Token[]} tokens
 * @returns {string}
 */
export function spoken(tokens) {
  return words(tokens).replace(/\s+/g, ' ').trim();
}

/**
 * @param {Token[]} tokens
 * @returns {string}
 */
function words(tokens) {
  return tokens.map((token) => {
    if ('text' in token) return token.type === 'pre' ? `${token.info} ${token.text}\n` : token.text;
    if (!('children' in token)) return '\n';
    return INLINE.has(token.type) ? words(token.children) : `${words(token.children)}\n`;
  }).join('');
}

/** What a text looks like while it grows: only its end is read again, and a long block when it has grown by an eighth. */
export class GrowingText {
  #read = '';
  #start = 0;
  /** @type {Token[]} */
  #settled = [];
  /** @type {Token[]} */
  #end = [];
  /** @type {Names} */
  #names = NO_NAMES;

  /**
   * The blocks of what is said so far, but for the last few words of a long block. Those that are settled stay the same objects.
   *
   * @param {string} text
   * @param {Names} names
   * @returns {Token[]}
   */
  parse(text, names) {
    if (!text.startsWith(this.#read) || names !== this.#names) this.#restart(names);
    const read = this.#read.length - this.#start;
    const grown = text.length - this.#read.length;
    if (grown > 0 && (read < SHORT || grown * 8 >= read)) this.#readOn(text);
    return [...this.#settled, ...this.#end];
  }

  /** @param {Names} names */
  #restart(names) {
    this.#read = '';
    this.#start = 0;
    this.#settled = [];
    this.#end = [];
    this.#names = names;
  }

  /**
   * A block is settled when another follows that begins before the line that is being written: what that line is may change.
   *
   * @param {string} text
   */
  #readOn(text) {
    const tail = text.slice(this.#start);
    const { blocks, lines } = blocksOf(tail, this.#names);
    const starts = startsOfLines(tail);
    const settled = Math.max(0, lines.filter((line) => line < starts.length - 1).length - 1);
    this.#settled.push(...blocks.slice(0, settled));
    this.#end = blocks.slice(settled);
    this.#start += settled > 0 ? starts[lines[settled]] : 0;
    this.#read = text;
  }
}

/** @param {string} text */
function startsOfLines(text) {
  return [0, ...Array.from(text.matchAll(/\r\n?|\n/g), ({ 0: end, index }) => index + end.length)];
}
