/**
 * A message being rewritten in its place: Enter saves, Esc leaves it as it was. One that is removed meanwhile cannot be saved: the
 * field stays with its words and takes no more keys.
 */
import { html } from '../html.js';
import { t } from '../i18n.js';
import { confirmRemoval } from './message_actions.js';
import { fitHeight, hasKeyboard, isDone, keepHeight, trimmed } from '../fields.js';
import { useHouse } from '../ui.js';
import { useEffect, useLayoutEffect, useRef } from '../vendor/hooks.js';

/** @param {{message: import('../types.js').Message}} props */
export function Editor({ message }) {
  const house = useHouse();
  const { store, ui } = house;
  const field = useRef(/** @type {HTMLTextAreaElement|null} */ (null));
  const room = /** @type {number} */ (store.current.value);

  useLayoutEffect(() => {
    const area = /** @type {HTMLTextAreaElement} */ (field.current);
    fitHeight(area);
    const editing = ui.editing.peek();
    // Drawn again, after a jump or a reset, it takes the caret from nobody who is writing elsewhere by now.
    if (editing?.isDrawn && document.activeElement !== document.body) return;
    if (editing) editing.isDrawn = true;
    area.focus();
    area.setSelectionRange(area.value.length, area.value.length);
  }, []);

  useEffect(() => keepHeight(/** @type {HTMLTextAreaElement} */ (field.current)), []);

  /** Kept beside the field, not drawn: should the message or its room go meanwhile, these words are still at hand. */
  const keep = () => {
    const area = /** @type {HTMLTextAreaElement} */ (field.current);
    const editing = ui.editing.peek();
    if (editing) editing.text = area.value;
    fitHeight(area);
  };
  const close = () => {
    ui.editing.value = null;
    /** @type {HTMLElement|null} */ (document.querySelector('.composer textarea'))?.focus();
  };
  const save = () => {
    const text = trimmed(/** @type {HTMLTextAreaElement} */ (field.current).value);
    if (message.removed) return;
    if (text === '') return confirmRemoval(house, room, message.seq);
    if (text === message.text) return close();
    return ui.follow(store.edit(room, message.seq, text), close);
  };
  const onKeyDown = (/** @type {KeyboardEvent} */ event) => {
    event.stopPropagation();
    if (event.key === 'Escape') close();
    if (!isDone(event)) return;
    event.preventDefault();
    save();
  };

  return html`<div class="editor">
    <textarea ref=${field} dir="auto" rows="1" enterkeyhint=${hasKeyboard() ? 'done' : 'enter'} aria-label=${t('composer.editing')}
      readOnly=${message.removed} defaultValue=${ui.editing.peek()?.text ?? message.text}
      onInput=${keep} onKeyDown=${onKeyDown}></textarea>
    ${message.removed && html`<p class="hint" role="status">${t('message.removed')}</p>`}
    <div class="editor-buttons">
      <button class="button is-quiet" type="button" onClick=${close}>${t('message.cancel')}</button>
      ${!message.removed && html`<button class="button" type="button" onClick=${save}>${t('message.save')}</button>`}
    </div>
  </div>`;
}
