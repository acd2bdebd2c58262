/** What can be done with one message: quick reactions and a list; a popover on a desk, a sheet on a phone. */
import { QUICK } from '../emoji.js';
import { html } from '../html.js';
import { t } from '../i18n.js';
import { indexOf } from '../timeline.js';
import { useHouse } from '../ui.js';
import { Icon } from './icon.js';
import * as actions from './message_actions.js';
import { Overlay } from './overlay.js';

/** @param {{room: number, seq: number, anchor: DOMRect, onClose: () => void}} props */
export function MessageMenu({ room, seq, anchor, onClose }) {
  const house = useHouse();
  const { store, ui } = house;
  const messages = store.state.value.rooms[room]?.messages || [];
  const message = messages[indexOf(messages, seq)];
  if (!message || message.removed) return null;
  const react = (/** @type {string} */ emoji) => actions.toggleReaction(house, room, message, emoji);
  return html`<${Overlay} label=${t('list.actions')} anchor=${anchor} onClose=${onClose} className="message-menu">
    <div class="quick-row">
      ${QUICK.map((emoji) => html`<button key=${emoji} class="emoji" type="button" aria-label=${`${t('message.react')} ${emoji}`}
        onClick=${() => react(emoji)}>${emoji}</button>`)}
      <button class="emoji" type="button" aria-label=${t('emoji.title')} title=${t('emoji.title')}
        onClick=${() => ui.open({ type: 'emoji', anchor, pick: react })}><${Icon} name="smile-plus" /></button>
    </div>
    <${Item} icon="reply" words=${t('message.reply')} act=${() => actions.reply(house, room, message)} />
    <${Item} icon="copy" words=${t('message.copy')} act=${() => actions.copy(house, message.text)} />
    ${actions.mayEdit(house, room, message) && html`<${Item} icon="pencil" words=${t('message.edit')}
      act=${() => actions.edit(house, room, message)} />`}
    ${actions.mayRemove(house, room, message) && html`<${Item} icon="trash-2" words=${t('message.remove')} danger
      act=${() => actions.confirmRemoval(house, room, seq)} />`}
  <//>`;
}

/** @param {{icon: string, words: string, danger?: boolean, act: () => void}} props */
function Item({ icon, words, danger = false, act }) {
  return html`<button class=${danger ? 'menu-item is-danger' : 'menu-item'} type="button" onClick=${act}><${Icon}
    name=${icon} />${words}</button>`;
}
