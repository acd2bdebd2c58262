/**
 * A layer over the page: a popover beside its anchor, a dialog in the middle, or a sheet from below on a phone. It takes the
 * focus, keeps it, and gives it back; Esc, wherever the focus is, and a click beside it close it. (<dialog> is newer than our oldest browsers.)
 */
import { html } from '../html.js';
import { t } from '../i18n.js';
import { useHouse } from '../ui.js';
import { useLayoutEffect, useRef } from '../vendor/hooks.js';
import { Icon } from './icon.js';
import { useKeptFocus } from './kept_focus.js';

const MARGIN_PX = 8;
const FOCUSABLE = 'button:not([disabled]), [href], input, textarea, select, [tabindex="0"]';

/**
 * @param {{label: string, anchor?: DOMRect, title?: string, onClose: () => void, children?: any, className?: string}} props
 *   `title`: a heading is drawn; without, `label` only names it
 */
export function Overlay({ label, anchor, title, onClose, children, className = '' }) {
  const { ui } = useHouse();
  const panel = useRef(/** @type {HTMLElement|null} */ (null));
  const isPopover = anchor && !ui.narrow.value;

  useLayoutEffect(() => {
    const element = /** @type {HTMLElement} */ (panel.current);
    const before = /** @type {HTMLElement|null} */ (document.activeElement);
    if (isPopover) moveBeside(element, anchor);
    const first = /** @type {HTMLElement|null} */ (element.querySelector('[data-autofocus]'));
    if (!element.contains(document.activeElement)) (first || element).focus();
    return () => {
      const isLost = !document.activeElement || document.activeElement === document.body || element.contains(document.activeElement);
      if (isLost && before?.isConnected) before.focus({ preventScroll: true });
    };
  }, []);

  useKeptFocus(panel, (element) => element);
  const close = useRef(onClose);
  close.current = onClose;
  useLayoutEffect(() => {
    const onKeyDown = (/** @type {KeyboardEvent} */ event) => {
      if (event.key === 'Tab') keepFocus(event, /** @type {HTMLElement} */ (panel.current));
      if (event.key !== 'Escape') return;
      event.stopPropagation();
      close.current();
    };
    document.addEventListener('keydown', onKeyDown);
    return () => document.removeEventListener('keydown', onKeyDown);
  }, []);
  const onBackdrop = (/** @type {Event} */ event) => event.target === event.currentTarget && onClose();

  return html`<div class=${isPopover ? 'layer is-popover' : 'layer'} onMouseDown=${onBackdrop}>
    <div class=${`panel ${isPopover ? 'popover' : 'dialog'} ${className}`} ref=${panel} role="dialog" aria-modal="true"
      aria-label=${label} tabindex="-1">
      ${title && html`<header class="panel-head">
        <h2>${title}</h2>
        <button class="icon-button" type="button" onClick=${onClose} aria-label=${t('dialog.close')} title=${t('dialog.close')}><${Icon}
          name="x" /></button>
      </header>`}
      ${children}
    </div>
  </div>`;
}

/**
 * Under the anchor where there is room, else over it; never beyond the window.
 *
 * @param {HTMLElement} element
 * @param {DOMRect} anchor
 */
function moveBeside(element, anchor) {
  const { width, height } = element.getBoundingClientRect();
  const isRoomBelow = anchor.bottom + MARGIN_PX + height < innerHeight;
  const top = isRoomBelow ? anchor.bottom + MARGIN_PX : anchor.top - MARGIN_PX - height;
  const isOnRight = anchor.left + anchor.width / 2 > innerWidth / 2;
  const left = isOnRight ? anchor.right - width : anchor.left;
  element.style.top = `${clamp(top, innerHeight - height)}px`;
  element.style.left = `${clamp(left, innerWidth - width)}px`;
}

/**
 * @param {number} value
 * @param {number} room
 */
function clamp(value, room) {
  return Math.max(MARGIN_PX, Math.min(value, room - MARGIN_PX));
}

/**
 * @param {KeyboardEvent} event
 * @param {HTMLElement} panel
 */
function keepFocus(event, panel) {
  const all = /** @type {NodeListOf<HTMLElement>} */ (panel.querySelectorAll(FOCUSABLE));
  const stops = [...all].filter((stop) => stop.offsetParent);
  if (stops.length === 0) return event.preventDefault();
  const edge = event.shiftKey ? stops[0] : stops[stops.length - 1];
  const isAtEdge = document.activeElement === edge || document.activeElement === panel || !panel.contains(document.activeElement);
  if (!isAtEdge) return;
  event.preventDefault();
  (event.shiftKey ? stops[stops.length - 1] : stops[0]).focus();
}
