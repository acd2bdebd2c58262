/**
 * A reply while it grows: what was said so far, and a way to stop it. It stands outside of the list that is read aloud: its
 * message, which takes its place, is announced once.
 */
import { html } from '../html.js';
import { t } from '../i18n.js';
import { markdown, oneLine } from '../text.js';
import { indexOf } from '../timeline.js';
import { useHouse } from '../ui.js';
import { useLayoutEffect, useMemo, useRef } from '../vendor/hooks.js';
import { Face } from './face.js';
import { Icon } from './icon.js';
import { focusComposer, focusLastMessage, mayStop, stopReply } from './message_actions.js';
import { RichText } from './rich_text.js';

/** @param {{room: import('../types.js').RoomState, names: import('../text.js').Names}} props */
export function GrowingReplies({ room, names }) {
  return html`<div class="growing" aria-live="off">
    ${Object.values(room.replies).map((reply) => html`<${Growing} key=${reply.client_id} room=${room} reply=${reply} names=${names} />`)}
  </div>`;
}

/** @param {{room: import('../types.js').RoomState, reply: import('../types.js').GrowingReply, names: import('../text.js').Names}} props */
function Growing({ room, reply, names }) {
  const house = useHouse();
  const article = useRef(/** @type {HTMLElement|null} */ (null));
  useFocusKept(article);
  const stop = () => {
    stopReply(house, room, reply);
    focusComposer();
  };
  const { by, text, reply_to } = reply;
  const reader = useMemo(() => markdown.value && new markdown.value.GrowingText(), [markdown.value]);
  const words = t(text ? 'reply.speaks' : 'reply.thinks', { name: by.name });
  const quoted = reply_to && room.messages[indexOf(room.messages, reply_to)];
  return html`<article class="message is-first is-last is-growing" ref=${article} aria-label=${words} aria-busy="true">
    <span class="message-face"><${Face} face=${by.face} /></span>
    <div class="message-body">
      <div class="message-author"><bdi>${by.name}</bdi><span class="tag">${t('people.bot')}</span></div>
      <div class="bubble">
        ${quoted && html`<div class="quote"><span class="quote-by"><bdi>${quoted.by.name}</bdi></span>
          <span class="quote-text" dir="auto">${oneLine(quoted.text) || t('composer.quoteGone')}</span></div>`}
        ${text && html`<${RichText} text=${text} names=${names} me="" blocks=${reader?.parse(text, names)} />`}
        <p class="growing-foot"><span class="typing-dots" aria-hidden="true"><i></i><i></i><i></i></span><span
          class=${text ? 'visually-hidden' : ''}>${words}</span></p>
      </div>
      ${mayStop(house, room, reply) && html`<button class="growing-stop" type="button"
        onClick=${stop}><${Icon} name="square" />${t('reply.stop')}</button>`}
    </div>
  </article>`;
}

/**
 * Whoever stands on the stop button when the reply ends by itself finds themselves at the last message: not where they write, for the
 * Enter that was meant for the button would send what stands there.
 *
 * @param {{current: HTMLElement|null}} article
 */
function useFocusKept(article) {
  useLayoutEffect(() => {
    const { current } = article;
    return () => {
      if (current?.contains(document.activeElement)) focusLastMessage();
    };
  }, []);
}
