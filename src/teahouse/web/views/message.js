/**
 * One message. It draws only from its properties and asks for nothing itself: what is clicked carries `data-act`, and the
 * list acts on it, so that thousands of rows hold no listeners.
 *
 * @typedef {import('../types.js').Message} MessageShape
 * @typedef {import('../types.js').User} User
 */
import { html } from '../html.js';
import { dateAndTime, t, timeOfDay } from '../i18n.js';
import { isOnlyEmoji, oneLine } from '../text.js';
import { Editor } from './editor.js';
import { Face } from './face.js';
import { RichText } from './rich_text.js';

/**
 * @param {{message: MessageShape, first: boolean, last: boolean, mine: boolean, editing: boolean, you: User,
 *   names: import('../text.js').Names}} props
 */
export function Message({ message, first, last, mine, editing, you, names }) {
  const { seq, by, at } = message;
  const classes = ['message', mine ? 'is-mine' : '', first ? 'is-first' : '', last ? 'is-last' : ''].filter(Boolean).join(' ');
  return html`<article class=${classes} data-seq=${seq} tabindex="-1"
    aria-label=${`${mine ? t('message.you') : by.name}, ${timeOfDay(at)}`}>
    ${!mine && first
      ? html`<button class="message-face" type="button" data-act="profile" tabindex="-1"
        aria-label=${t('people.profile', { name: by.name })}><${Face} face=${by.face} /></button>`
      : html`<span class="message-aside" aria-hidden="true">${!first && timeOfDay(at)}</span>`}
    <div class="message-body">
      ${first && html`<${Author} by=${by} at=${at} mine=${mine} />`}
      ${editing
        ? html`<${Editor} message=${message} />`
        : message.removed
          ? html`<div class="bubble is-removed">${t('message.removed')}</div>`
          : html`<${Bubble} message=${message} you=${you} names=${names} />`}
      ${message.reactions && message.reactions.length > 0 && html`<${Reactions} reactions=${message.reactions} you=${you} />`}
    </div>
  </article>`;
}

/** @param {{by: User, at: number, mine: boolean}} props   of one's own one needs only the time */
function Author({ by, at, mine }) {
  const time = html`<time dateTime=${new Date(at).toISOString()} title=${dateAndTime(at)}>${timeOfDay(at)}</time>`;
  if (mine) return html`<div class="message-author">${time}</div>`;
  return html`<div class="message-author">
    <button type="button" data-act="profile" tabindex="-1"><bdi>${by.name}</bdi></button>
    ${by.role === 'bot' && html`<span class="tag">${t('people.bot')}</span>`}
    ${by.role === 'owner' && html`<span class="tag">${t('people.owner')}</span>`}
    ${time}
  </div>`;
}

/** @param {{message: MessageShape, you: User, names: import('../text.js').Names}} props */
function Bubble({ message, you, names }) {
  const { reply_to, text, edited = false } = message;
  return html`<div class=${isOnlyEmoji(text) && !reply_to ? 'bubble is-jumbo' : 'bubble'}>
    ${reply_to && html`<${Quote} quote=${reply_to} />`}
    <${RichText} text=${text} names=${names} me=${you.name} edited=${edited} />
  </div>`;
}

/** @param {{quote: import('../types.js').Quote}} props */
function Quote({ quote }) {
  return html`<button class="quote" type="button" data-act="quote" data-to=${quote.seq}>
    ${quote.by && html`<span class="quote-by"><bdi>${quote.by.name}</bdi></span>`}
    <span class="quote-text" dir="auto">${oneLine(quote.text) || t('composer.quoteGone')}</span>
  </button>`;
}

/** @param {{reactions: import('../types.js').Reaction[], you: User}} props */
function Reactions({ reactions, you }) {
  return html`<div class="reactions">
    ${reactions.map(({ emoji, users, more = 0 }) => {
      const on = users.some(({ id }) => id === you.id);
      const n = users.length + more;
      const names = users.map(({ name }) => name).join(t('notice.comma'));
      const words = t(more ? 'message.reactedByCrowd' : 'message.reactedBy', { n, names, emoji, more });
      return html`<button key=${emoji} class="reaction" type="button" data-act="react" data-emoji=${emoji} aria-pressed=${on}
        aria-label=${words} title=${words}>
        <span>${emoji}</span><span class="reaction-count">${n}</span>
      </button>`;
    })}
  </div>`;
}
