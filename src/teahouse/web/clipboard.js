/** Puts text on the clipboard, also where pages are given none: on plain http, where a house on the kitchen LAN lives. */

/**
 * @param {string} text
 * @returns {Promise<boolean>}   whether it is there now
 */
export async function toClipboard(text) {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    return bySelection(text);
  }
}

/** @param {string} text */
function bySelection(text) {
  const before = /** @type {HTMLElement|null} */ (document.activeElement);
  const area = document.createElement('textarea');
  area.value = text;
  area.className = 'visually-hidden';
  document.body.append(area);
  area.select();
  const isCopied = document.execCommand('copy');
  area.remove();
  before?.focus({ preventScroll: true });
  return isCopied;
}
