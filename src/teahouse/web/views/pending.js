/** A message that is still on its way: pale while it waits, with a way out when it was refused. */
import { html } from '../html.js';
import { refusalWords, t } from '../i18n.js';
import { useHouse } from '../ui.js';
import { Icon } from './icon.js';
import { RichText } from './rich_text.js';

const NO_NAMES = new Map();

/** @param {{item: import('../types.js').OutboxItem, first: boolean}} props */
export function Pending({ item, first }) {
  const { store, ui } = useHouse();
  const failed = item.state === 'failed';
  const takeBack = () => {
    ui.insertion.value = { text: item.text };
    if (item.reply_to) ui.reply(item.room, { seq: item.reply_to });
    return ui.attempt(store.discard(item.client_id));
  };
  return html`<article class=${`message is-mine is-pending is-last${first ? ' is-first' : ''}${failed ? ' is-failed' : ''}`}>
    <div class="message-body">
      <div class="bubble">
        <${RichText} text=${item.text} names=${NO_NAMES} me="" />
        <span class="message-time">${!failed && html`<${Icon} name="clock" />`}<span
          class="visually-hidden">${t(`message.${item.state}`)}</span></span>
      </div>
      ${failed && html`<div class="pending-failed" role="alert">
        <span>${t('message.why', { words: refusalWords({ code: item.code, words: item.words }) })}</span>
        <button class="link" type="button" onClick=${() => ui.attempt(store.retry(item.client_id))}>${t('message.retry')}</button>
        <button class="link" type="button" onClick=${takeBack}>${t('message.takeBack')}</button>
        <button class="link" type="button" onClick=${() => ui.attempt(store.discard(item.client_id))}>${t('message.discard')}</button>
      </div>`}
    </div>
  </article>`;
}
