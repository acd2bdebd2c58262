/**
 * What people do on the rows of a list, heard once on the list: clicks on what carries `data-act`, the pointer over a row,
 * a long press on a phone, and the keys on a row that has the focus. Keys act on a row only when a keyboard led there: who clicked
 * it reads, and types on in the field below.
 */
import { indexOf } from '../timeline.js';
import { useMemo, useRef } from '../vendor/hooks.js';
import * as actions from './message_actions.js';

const LONG_PRESS_MS = 450;
const ROW = '[data-seq]';
/** What a finger that rests on it wants of itself: the caret, a link's menu, a code block that is moved sideways. */
const OF_ITS_OWN = 'a, button, textarea, input, pre, .editor';

/**
 * @param {import('../ui.js').House} house
 * @param {import('../types.js').RoomState} room
 * @returns {Record<string, (event: any) => void>}   properties for the scrolling element
 */
export function useRowEvents(house, room) {
  const latest = useRef(room);
  latest.current = room;
  return useMemo(() => new RowEvents(house, () => latest.current).handlers(), []);
}

class RowEvents {
  /**
   * @param {import('../ui.js').House} house
   * @param {() => import('../types.js').RoomState} room
   */
  constructor(house, room) {
    this.house = house;
    this.room = room;
    /** @type {ReturnType<typeof setTimeout>|undefined} */
    this.press = undefined;
    /** The row that has the focus from a click or a finger. @type {Element|null} */
    this.pointed = null;
  }

  handlers() {
    return {
      onClick: (/** @type {MouseEvent} */ event) => this.click(event),
      onKeyDown: (/** @type {KeyboardEvent} */ event) => this.key(event),
      onfocusin: (/** @type {FocusEvent} */ event) => this.focused(event),
      onPointerDown: (/** @type {PointerEvent} */ event) => (this.pointed = rowAt(event)),
      onPointerOver: (/** @type {PointerEvent} */ event) => this.hover(event),
      onTouchStart: (/** @type {TouchEvent} */ event) => this.pressed(event),
      onTouchMove: () => clearTimeout(this.press),
      onTouchEnd: () => clearTimeout(this.press),
      onContextMenu: (/** @type {MouseEvent} */ event) => this.contextMenu(event),
    };
  }

  /** @param {Event} event */
  find(event) {
    const row = rowAt(event);
    const seq = row ? Number(row.dataset.seq) : 0;
    const { messages } = this.room();
    const message = messages[indexOf(messages, seq)];
    return row && message ? { row, message } : null;
  }

  /** @param {MouseEvent} event */
  click(event) {
    const button = /** @type {HTMLElement|null} */ (/** @type {Element} */ (event.target).closest('[data-act]'));
    const found = this.find(event);
    if (!button || !found) return;
    const { message } = found;
    const { ui } = this.house;
    const id = this.room().room.id;
    if (button.dataset.act === 'profile') ui.open({ type: 'profile', user: message.by, anchor: button.getBoundingClientRect() });
    if (button.dataset.act === 'quote') ui.jumpTo(id, Number(button.dataset.to));
    if (button.dataset.act === 'react') actions.toggleReaction(this.house, id, message, button.dataset.emoji || '');
    if (button.dataset.act === 'copy-code') actions.copy(this.house, button.parentElement?.querySelector('code')?.textContent || '');
  }

  /** @param {FocusEvent} event */
  focused(event) {
    if (rowAt(event) !== this.pointed) this.pointed = null;
    rove(/** @type {Element} */ (event.currentTarget));
  }

  /** @param {PointerEvent} event */
  hover(event) {
    if (event.pointerType !== 'mouse' || /** @type {Element} */ (event.target).closest('.hover-bar')) return;
    const found = this.find(event);
    const { hovered } = this.house.ui;
    const seq = found && !found.message.removed ? found.message.seq : 0;
    if ((hovered.value ? hovered.value.seq : 0) === seq) return;
    hovered.value = found && seq ? { seq, row: found.row } : null;
  }

  /** @param {TouchEvent} event */
  pressed(event) {
    clearTimeout(this.press);
    const found = /** @type {Element} */ (event.target).closest(OF_ITS_OWN) ? null : this.find(event);
    if (found) this.press = setTimeout(() => this.openMenu(found), LONG_PRESS_MS);
  }

  /** @param {MouseEvent} event */
  contextMenu(event) {
    const found = this.find(event);
    const target = /** @type {Element} */ (event.target);
    const isOurs = target.closest('.bubble') && !target.closest('a, textarea') && getSelection()?.isCollapsed;
    if (!found || !isOurs || found.message.removed) return;
    event.preventDefault();
    clearTimeout(this.press);
    this.openMenu(found, new DOMRect(event.clientX, event.clientY, 0, 0));
  }

  /**
   * @param {{row: HTMLElement, message: import('../types.js').Message}} found
   * @param {DOMRect} [anchor]
   */
  openMenu({ row, message }, anchor = (row.querySelector('.bubble') || row).getBoundingClientRect()) {
    if (message.removed) return;
    this.house.ui.hovered.value = null;
    this.house.ui.open({ type: 'message', room: this.room().room.id, seq: message.seq, anchor });
  }

  /** @param {KeyboardEvent} event */
  key(event) {
    const found = this.find(event);
    if (!found || event.target !== found.row || event.ctrlKey || event.metaKey || event.altKey) return;
    const { row, message } = found;
    const id = this.room().room.id;
    if (row === this.pointed && !event.key.startsWith('Arrow')) return typeBelow(event);
    const does = {
      ArrowUp: () => focusNeighbour(row, -1),
      ArrowDown: () => focusNeighbour(row, 1) || actions.focusComposer(),
      Escape: () => actions.focusComposer(),
      Enter: () => this.openMenu(found),
      r: () => !message.removed && actions.reply(this.house, id, message),
      e: () => actions.mayEdit(this.house, id, message) && actions.edit(this.house, id, message),
      Delete: () => !message.removed && actions.mayRemove(this.house, id, message) && actions.confirmRemoval(this.house, id, message.seq),
    }[event.key];
    if (!does) return;
    event.preventDefault();
    does();
  }
}

/** @param {Event} event */
function rowAt(event) {
  return /** @type {HTMLElement|null} */ (/** @type {Element} */ (event.target).closest(ROW));
}

/**
 * The key goes on to the field, which has the focus by the time it becomes a letter. A space turns the page, as it does everywhere.
 *
 * @param {KeyboardEvent} event
 */
function typeBelow(event) {
  if (event.key !== 'Escape' && (event.key === ' ' || [...event.key].length > 1)) return;
  event.stopPropagation();
  actions.focusComposer();
}

/**
 * Of all messages one is a stop of the Tab key: the one that has the focus, else the last.
 *
 * @param {Element} scroller
 */
export function rove(scroller) {
  const focused = scroller.contains(document.activeElement) ? document.activeElement?.closest(ROW) : null;
  const pieces = scroller.querySelectorAll('.chunk');
  const rows = pieces.length > 0 ? pieces[pieces.length - 1].querySelectorAll(ROW) : [];
  const stop = focused || rows[rows.length - 1];
  for (const old of scroller.querySelectorAll(`${ROW}[tabindex="0"]`)) if (old !== stop) old.setAttribute('tabindex', '-1');
  stop?.setAttribute('tabindex', '0');
}

/**
 * Move the focus to the message before or after; false where there is none.
 *
 * @param {HTMLElement} row
 * @param {-1|1} step
 */
function focusNeighbour(row, step) {
  const rows = /** @type {HTMLElement[]} */ ([...(row.closest('[role=log]')?.querySelectorAll(ROW) || [])]);
  const next = rows[rows.indexOf(row) + step];
  next?.focus();
  return Boolean(next);
}
