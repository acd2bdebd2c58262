/**
 * The small bar over the message under the pointer. There is one for all rows; it is for the mouse only, keys and fingers
 * reach the same through the message's menu.
 */
import { QUICK } from '../emoji.js';
import { html } from '../html.js';
import { t } from '../i18n.js';
import { indexOf } from '../timeline.js';
import { useHouse } from '../ui.js';
import { useLayoutEffect, useRef } from '../vendor/hooks.js';
import { Icon } from './icon.js';
import * as actions from './message_actions.js';

const QUICK_SHOWN = 3;
const MORE_SPACE_PX = 60;

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
  const open = (/** @type {object} */ overlay, /** @type {Event} */ event) =>
    ui.open({ .../** @type {any} */ (overlay), anchor: /** @type {Element} */ (event.currentTarget).getBoundingClientRect() });
  const react = (/** @type {string} */ emoji) => actions.toggleReaction(house, id, message, emoji);
  return html`<div class="hover-bar" ref=${bar} aria-hidden="true">
    ${QUICK.slice(0, QUICK_SHOWN).map((emoji) => html`<button key=${emoji} type="button" tabindex="-1" class="hover-button" onClick=${() => react(emoji)}>${emoji}</button>`)}
    <button type="button" tabindex="-1" class="hover-button" title=${t('message.react')} onClick=${(/** @type {Event} */ event) => open({ type: 'emoji', pick: react }, event)}><${Icon} name="smile-plus" /></button>
    <button type="button" tabindex="-1" class="hover-button" title=${t('message.reply')} onClick=${() => actions.reply(house, id, message)}><${Icon} name="reply" /></button>
    <button type="button" tabindex="-1" class="hover-button" title=${t('message.more')} onClick=${(/** @type {Event} */ event) => open({ type: 'message', room: id, seq: message.seq }, event)}><${Icon} name="ellipsis" /></button>
  </div>`;
}

/**
 * On the bubble's upper edge, at its inner end. It lies among the rows, so that the wheel scrolls them through it.
 *
 * @param {HTMLElement} bar
 * @param {HTMLElement} row
 */
function moveOver(bar, row) {
  const bubble = (row.querySelector('.bubble') || row).getBoundingClientRect();
  const area = /** @type {Element} */ (bar.parentElement).getBoundingClientRect();
  const isMine = row.classList.contains('is-mine');
  const left = isMine ? bubble.right - bar.offsetWidth - MORE_SPACE_PX / 4 : Math.max(bubble.left + MORE_SPACE_PX / 4, bubble.right - MORE_SPACE_PX);
  bar.style.left = `${Math.max(8, Math.min(left, area.right - bar.offsetWidth - 16) - area.left)}px`;
  const top = Math.max(4, bubble.top - area.top - bar.offsetHeight + 10);
  bar.style.top = `${top + /** @type {Element} */ (bar.parentElement).scrollTop}px`;
}
