/** The tokens of text.js as vnodes. Nothing here is ever parsed as HTML. */
import { searchKey } from '../folding.js';
import { html } from '../html.js';
import { t } from '../i18n.js';
import { isOnlyEmoji, parse } from '../text.js';
import { Icon } from './icon.js';

/** @typedef {import('../text.js').Token} Token */

/** @param {{text: string, names: import('../text.js').Names, me: string, edited?: boolean}} props
 *   `me`: my name, whose mentions stand out */
export function RichText({ text, names, me, edited = false }) {
  const size = isOnlyEmoji(text) ? 'text is-jumbo' : 'text';
  const mine = searchKey(me);
  return html`<div class=${size} dir="auto">${parse(text, names).map((token) => draw(token, mine))}${edited && html`<span
    class="edited">${t('message.edited')}</span>`}</div>`;
}

/**
 * @param {Token} token
 * @param {string} me
 * @returns {any}
 */
function draw(token, me) {
  switch (token.type) {
    case 'text':
      return token.text;
    case 'break':
      return html`<br />`;
    case 'code':
      return html`<code>${token.text}</code>`;
    case 'pre':
      return html`<div class="code" dir="ltr">
        <pre tabindex="0"><code>${token.text}</code></pre>
        <button class="code-copy" type="button" data-act="copy-code" aria-label=${t('message.code')} title=${t('message.code')}><${Icon}
          name="copy" /></button>
      </div>`;
    case 'link':
      return html`<a href=${token.href} target="_blank" rel="noopener noreferrer nofollow">${token.text}</a>`;
    case 'mention':
      return html`<span class=${token.name === me ? 'mention is-me' : 'mention'}>${token.text}</span>`;
    case 'strong':
      return html`<strong>${token.children.map((child) => draw(child, me))}</strong>`;
    case 'em':
      return html`<em>${token.children.map((child) => draw(child, me))}</em>`;
  }
}
