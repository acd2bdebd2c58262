/**
 * The small bar over the message under the pointer. There is one for all rows; it is for the mouse only, keys and fingers
 * reach the same through the message's menu.
 */
import { QUICK } from '../emoji.js';
import { anchored } from '../fields.js';
import { html } from '../html.js';
import { t } from '../i18n.js';
import { indexOf } from '../timeline.js';
import { useHouse } from '../ui.js';
import { useLayoutEffect, useRef } from '../vendor/hooks.js';
import { Icon } from './icon.js';
import * as actions from './message_actions.js';

const QUICK_SHOWN = 3;
const GAP_PX = 8;
const FIRST_LINE_PX = 40;

/** @param {{room: import('../types.js').RoomState}} props */
export function HoverBar({ room }) {
  const house = useHouse();
  const { ui } = house;
  const { value: hovered } = ui.hovered;
  const bar = useRef(/** @type {HTMLElement|null} */ (null));
  const message = hovered && room.messages[indexOf(room.messages, hovered.seq)];
  useLayoutEffect(() => {
    if (bar.current && hovered) moveOver(bar.current, hovered.row);
  });
  if (!hovered || !message || message.removed) return null;

  const id = room.room.id;
  const react = (/** @type {string} */ emoji) => actions.toggleReaction(house, id, message, emoji);
  const pick = anchored((anchor) => ui.open({ type: 'emoji', pick: react, anchor }));
  const more = anchored((anchor) => ui.open({ type: 'message', room: id, seq: message.seq, anchor }));
  return html`<div class="hover-bar" ref=${bar} aria-hidden="true">
    ${QUICK.slice(0, QUICK_SHOWN).map((emoji) => html`<${Button} key=${emoji} act=${() => react(emoji)}>${emoji}<//>`)}
    <${Button} title=${t('message.react')} act=${pick}><${Icon} name="smile-plus" /><//>
    <${Button} title=${t('message.reply')} act=${() => actions.reply(house, id, message)}><${Icon} name="reply" /><//>
    <${Button} title=${t('message.more')} act=${more}><${Icon} name="ellipsis" /><//>
  </div>`;
}

/** @param {{title?: string, act: (event: Event) => void, children?: any}} props */
function Button({ title, act, children }) {
  return html`<button class="hover-button" type="button" tabindex="-1" title=${title} onClick=${act}>${children}</button>`;
}

/**
 * Beside the bubble, where it covers no other message; over its upper edge where there is no room. It lies among the rows, so that
 * the wheel scrolls them through it.
 *
 * @param {HTMLElement} bar
 * @param {HTMLElement} row
 */
function moveOver(bar, row) {
  const bubble = (row.querySelector('.bubble') || row).getBoundingClientRect();
  const scroller = /** @type {Element} */ (bar.parentElement);
  const area = scroller.getBoundingClientRect();
  const isMine = row.classList.contains('is-mine');
  const beside = isMine ? bubble.left - GAP_PX - bar.offsetWidth : bubble.right + GAP_PX;
  const fits = beside > area.left + GAP_PX && beside + bar.offsetWidth < area.right - 2 * GAP_PX;
  const left = fits ? beside : isMine ? bubble.left : bubble.right - bar.offsetWidth;
  const middle = (Math.min(bubble.height, FIRST_LINE_PX) - bar.offsetHeight) / 2;
  const top = bubble.top + (fits ? middle : GAP_PX - bar.offsetHeight);
  bar.style.left = `${Math.max(GAP_PX, left - area.left)}px`;
  bar.style.top = `${Math.max(GAP_PX / 2, top - area.top) + scroller.scrollTop}px`;
}
