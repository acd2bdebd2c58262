/** A text that is much higher than the window is folded, with a button that unfolds it: what was said before it can be found. */
import { html } from '../html.js';
import { t } from '../i18n.js';
import { markdown } from '../text.js';
import { useLayoutEffect, useRef, useState } from '../vendor/hooks.js';

const MANY_CHARS = 800;
const MANY_LINES = 20;
/** What is but a little higher than its fold is shown whole. */
const WORTH_FOLDING = 1.5;

/**
 * Whether a text may be so high; asking the browser how high each is would cost too much.
 *
 * @param {string} text
 */
export function maybeHigh(text) {
  return text.length > MANY_CHARS || text.split('\n', MANY_LINES + 1).length > MANY_LINES;
}

/** @param {{children?: any}} props   give it the text as key, so that another begins folded */
export function Folded({ children }) {
  const [isOpen, setIsOpen] = useState(false);
  const [isHigh, setIsHigh] = useState(true);
  const box = useRef(/** @type {HTMLElement|null} */ (null));
  useLayoutEffect(() => {
    const { scrollHeight, clientHeight } = /** @type {HTMLElement} */ (box.current);
    if (isHigh && !isOpen) setIsHigh(scrollHeight > clientHeight * WORTH_FOLDING);
  }, [markdown.value]);
  const isFolded = isHigh && !isOpen;
  return html`<div class=${isFolded ? 'fold is-folded' : 'fold'} ref=${box}>${children}</div>
    ${isHigh && html`<button class="link fold-button" type="button" aria-expanded=${isOpen}
      onClick=${() => setIsOpen(!isOpen)}>${t(isOpen ? 'message.fold' : 'message.unfold')}</button>`}`;
}
