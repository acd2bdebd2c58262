/** Small truths about text fields that composer, editor and dialogs share. */

const MAX_HEIGHT_REM = 12;

/**
 * Whether a key belongs to an input method that is still choosing characters. Safari sends the Enter that ends the
 * choice after `compositionend`, without `isComposing`, but still as key 229.
 *
 * @param {KeyboardEvent} event
 */
export function isComposing(event) {
  return event.isComposing || event.keyCode === 229;
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
