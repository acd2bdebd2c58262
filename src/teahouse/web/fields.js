/** Small things about fields and buttons that many views share. */

const MAX_HEIGHT_REM = 12;

/**
 * Keep from all of the page the keys that belong to an input method which is still choosing characters. Safari sends the Enter that
 * ends the choice after `compositionend`, without `isComposing`, but still as key 229 (UI Events, appendix A.2).
 *
 * @param {EventTarget} target   where all keys of the page pass first: its window
 */
export function leaveToInputMethods(target) {
  const leave = (/** @type {any} */ event) => {
    if (event.isComposing || event.keyCode === 229) event.stopImmediatePropagation();
  };
  for (const kind of ['keydown', 'keyup']) target.addEventListener(kind, leave, { capture: true });
}

/** Whether one writes at a desk: a glass has no Shift beside its Enter, which therefore breaks the line there. */
export function hasKeyboard() {
  return !matchMedia('(pointer: coarse) and (hover: none)').matches;
}

/**
 * Whether a key ends a text: Enter at a desk, with Ctrl or ⌘ everywhere. Else it breaks the line.
 *
 * @param {KeyboardEvent} event
 */
export function isDone({ key, shiftKey, ctrlKey, metaKey }) {
  return key === 'Enter' && (ctrlKey || metaKey || (!shiftKey && hasKeyboard()));
}

/**
 * What of a text is sent: the first line's indent is its writer's, empty lines around it and blanks behind it are nobody's.
 *
 * @param {string} text
 */
export function trimmed(text) {
  return text.replace(/^(?:[^\S\n]*\n)+/, '').trimEnd();
}

/**
 * Make a field as high as its text, up to a limit; then it scrolls.
 *
 * @param {HTMLTextAreaElement} area
 */
export function fitHeight(area) {
  const rem = parseFloat(getComputedStyle(document.documentElement).fontSize);
  area.style.height = 'auto';
  area.style.height = `${Math.min(area.scrollHeight, MAX_HEIGHT_REM * rem)}px`;
}

/**
 * Keep the field as high as its text whenever its width changes.
 *
 * @param {HTMLTextAreaElement} area
 * @returns {() => void}   how to stop
 */
export function keepHeight(area) {
  let width = area.clientWidth;
  const observer = new ResizeObserver(() => {
    if (area.clientWidth === width) return;
    width = area.clientWidth;
    fitHeight(area);
  });
  observer.observe(area);
  return () => observer.disconnect();
}

/** @param {string} text */
export function byteLength(text) {
  return new TextEncoder().encode(text).length;
}

/**
 * Put a text in place of a part, by default of what is selected, and the caret behind it; the field hears of it as of what is typed.
 * `execCommand` is the one way that the browser's own undo knows of (HTML Editing APIs, "insertText").
 *
 * @param {HTMLTextAreaElement} area
 * @param {string} text
 * @param {number} [start]
 * @param {number} [end]
 */
export function replaceText(area, text, start = area.selectionStart, end = area.selectionEnd) {
  area.focus();
  area.setSelectionRange(start, end);
  if (text === '' ? start === end || document.execCommand('delete') : document.execCommand('insertText', false, text)) return;
  area.setRangeText(text, start, end, 'end');
  area.dispatchEvent(new InputEvent('input', { bubbles: true }));
}

/**
 * A listener that hands on what stands in the field now.
 *
 * @param {(value: string) => void} take
 * @returns {(event: Event) => void}
 */
export function into(take) {
  return (event) => take(/** @type {HTMLInputElement} */ (event.target).value);
}

/**
 * A listener that hands on where the clicked element stands, for a layer to be put beside it.
 *
 * @param {(anchor: DOMRect) => void} open
 * @returns {(event: Event) => void}
 */
export function anchored(open) {
  return (event) => open(/** @type {Element} */ (event.currentTarget).getBoundingClientRect());
}

/**
 * As a `ref`: a field that takes the focus when it is drawn first.
 *
 * @param {HTMLElement|null} field
 */
export function focusOnce(field) {
  if (field && !field.dataset.met) field.focus();
  if (field) field.dataset.met = 'yes';
}
