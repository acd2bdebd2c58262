/**
 * The tree of markdown.js as vnodes. Nothing here is ever parsed as HTML. The page's own words, which it changes in place, are not for
 * translators (index.html); what people wrote is.
 */
import { searchKey } from '../folding.js';
import { html } from '../html.js';
import { language, t } from '../i18n.js';
import { isOnlyEmoji, markdown } from '../text.js';
import { Folded, maybeHigh } from './folded.js';
import { Icon } from './icon.js';

/** @typedef {import('../markdown.js').Token} Token */

/** @param {{text: string, names: import('../text.js').Names, me: string, edited?: boolean, blocks?: Token[]}} props
 *   `me`: my name, whose mentions stand out; `blocks`: of the text, where it was read already */
export function RichText({ text, names, me, edited = false, blocks }) {
  const mine = searchKey(me);
  const isJumbo = isOnlyEmoji(text);
  const tree = blocks || (!isJumbo && markdown.value ? markdown.value.parse(text, names) : [asWritten(text)]);
  // A translator takes what is written out of its element: what has changed gets a new one, and what is still growing is left alone.
  const drawn = html`<div key=${blocks ? 'growing' : `${markdown.value ? 'read' : 'written'} ${edited} ${text}`} class=${isJumbo ? 'text is-jumbo' : 'text'} dir="auto"
    translate=${blocks ? 'no' : 'yes'}>${tree.map((block, index) => html`<${Block}
    block=${block} me=${mine} edited=${edited && index === tree.length - 1} />`)}</div>`;
  return !blocks && maybeHigh(text) ? html`<${Folded} key=${text}>${drawn}<//>` : drawn;
}

/**
 * @param {string} text
 * @returns {Token}
 */
function asWritten(text) {
  return { type: 'plain', text };
}

/**
 * It reads a signal and has no hooks, so @preact/signals draws it again only when a property or the language changed.
 *
 * @param {{block: Token, me: string, edited: boolean}} props   `edited`: whether to say so at its end
 */
function Block({ block, me, edited }) {
  const mark = edited && language.value && html`<span class="edited">${t('message.edited')}</span>`;
  if (block.type === 'paragraph') return html`<p>${inside(block, me)}${mark}</p>`;
  if (block.type === 'plain') return html`<p>${block.text}${mark}</p>`;
  return html`${draw(block, me)}${mark && html`<p>${mark}</p>`}`;
}

/**
 * @param {import('../markdown.js').Branch} branch
 * @param {string} me
 */
function inside({ children }, me) {
  return children.map((child) => draw(child, me));
}

/**
 * @param {Token} token
 * @param {string} me
 * @returns {any}
 */
function draw(token, me) {
  switch (token.type) {
    case 'text':
    case 'plain':
      return token.text;
    case 'break':
      return html`<br />`;
    case 'rule':
      return html`<hr />`;
    case 'code':
      return html`<code>${token.text}</code>`;
    case 'pre':
      return html`<div class="code" dir="ltr">
        ${token.info && html`<p class="code-info">${token.info}</p>`}
        <pre tabindex="0"><code>${token.text}</code></pre>
        <button class="code-copy" type="button" data-act="copy-code" aria-label=${t('message.code')} title=${t('message.code')}><${Icon}
          name="copy" /></button>
      </div>`;
    case 'mention':
      return html`<bdi class=${token.name === me ? 'mention is-me' : 'mention'} translate="no">${token.text}</bdi>`;
    default:
      return drawBranch(token, me);
  }
}

/**
 * @param {import('../markdown.js').Branch} branch
 * @param {string} me
 * @returns {any}
 */
function drawBranch(branch, me) {
  const children = inside(branch, me);
  switch (branch.type) {
    case 'paragraph':
      return html`<p>${children}</p>`;
    case 'heading':
      return html`<p class=${branch.level === 1 ? 'heading is-large' : 'heading'}>${children}</p>`;
    case 'quote':
      return html`<blockquote>${children}</blockquote>`;
    case 'list':
      return branch.start === null ? html`<ul>${children}</ul>` : html`<ol start=${branch.start}>${children}</ol>`;
    case 'item':
      return branch.done === undefined ? html`<li>${children}</li>` : html`<li class="task"><span class=${branch.done ? 'task-box is-done' : 'task-box'}
        role="img" aria-label=${t(branch.done ? 'message.taskDone' : 'message.taskOpen')} />${children}</li>`;
    case 'table':
      return html`<div class="table" tabindex="0"><table>
        <thead>${inside({ ...branch, children: branch.children.slice(0, 1) }, me)}</thead>
        <tbody>${inside({ ...branch, children: branch.children.slice(1) }, me)}</tbody>
      </table></div>`;
    case 'row':
      return html`<tr>${children}</tr>`;
    case 'cell':
      return branch.head
        ? html`<th scope="col" class=${branch.align || null}>${children}</th>`
        : html`<td class=${branch.align || null}>${children}</td>`;
    case 'strong':
      return html`<strong>${children}</strong>`;
    case 'em':
      return html`<em>${children}</em>`;
    case 'del':
      return html`<del>${children}</del>`;
    case 'link':
      return html`<a href=${branch.href} title=${branch.href} target="_blank" rel="noopener noreferrer nofollow">${children}</a>`;
    default:
      return children;
  }
}
