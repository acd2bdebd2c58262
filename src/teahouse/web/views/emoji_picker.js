/** A grid of emoji with a search in both languages. */
import { EMOJI, findEmoji } from '../emoji.js';
import { into } from '../fields.js';
import { html } from '../html.js';
import { t } from '../i18n.js';
import { useHouse } from '../ui.js';
import { useState } from '../vendor/hooks.js';
import { Overlay } from './overlay.js';

const COLUMNS = 8;

/**
 * On a phone the search does not take the focus: the keyboard would cover the grid.
 *
 * @param {{anchor: DOMRect, pick: (emoji: string) => void, onClose: () => void}} props
 */
export function EmojiPicker({ anchor, pick, onClose }) {
  const { ui } = useHouse();
  const [query, setQuery] = useState('');
  const found = query ? findEmoji(query) : EMOJI.map(([emoji]) => emoji);
  const onSearchKey = (/** @type {KeyboardEvent} */ event) => {
    if (event.key === 'Enter' && found.length > 0) pick(found[0]);
  };
  return html`<${Overlay} label=${t('emoji.title')} anchor=${anchor} onClose=${onClose} className="emoji-picker">
    <input class="input" type="search" value=${query} placeholder=${t('emoji.search')} aria-label=${t('emoji.search')}
      data-autofocus=${!ui.narrow.value || undefined}
      onInput=${into(setQuery)} onKeyDown=${onSearchKey} />
    <div class="emoji-grid" onKeyDown=${moveInGrid}>
      ${found.map((emoji) => html`<button key=${emoji} class="emoji" type="button" aria-label=${nameOf(emoji)} title=${nameOf(emoji)}
        onClick=${() => pick(emoji)}>${emoji}</button>`)}
      ${found.length === 0 && html`<p class="hint">${t('emoji.none')}</p>`}
    </div>
  <//>`;
}

/** @param {string} emoji */
function nameOf(emoji) {
  const entry = EMOJI.find(([candidate]) => candidate === emoji);
  return entry ? `${emoji} ${entry[1]}` : emoji;
}

/** @param {KeyboardEvent} event */
function moveInGrid(event) {
  const step = { ArrowRight: 1, ArrowLeft: -1, ArrowDown: COLUMNS, ArrowUp: -COLUMNS }[event.key];
  if (!step) return;
  const cells = /** @type {HTMLElement[]} */ ([.../** @type {Element} */ (event.currentTarget).children]);
  const next = cells[cells.indexOf(/** @type {HTMLElement} */ (document.activeElement)) + step];
  event.preventDefault();
  next?.focus();
}
