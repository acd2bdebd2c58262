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
 * Make a field as high as its text, up to a limit; then it scrolls.
 *
 * @param {HTMLTextAreaElement} area
 */
export function fitHeight(area) {
  const rem = parseFloat(getComputedStyle(document.documentElement).fontSize);
  area.style.height = 'auto';
  area.style.height = `${Math.min(area.scrollHeight, MAX_HEIGHT_REM * rem)}px`;
}

/** @param {string} text */
export function byteLength(text) {
  return new TextEncoder().encode(text).length;
}

/**
 * Put a text where the caret is, over what is selected, and the caret behind it.
 *
 * @param {HTMLTextAreaElement} area
 * @param {string} text
 */
export function insertText(area, text) {
  area.focus();
  area.setRangeText(text, area.selectionStart, area.selectionEnd, 'end');
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
