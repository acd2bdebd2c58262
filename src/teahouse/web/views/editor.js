/**
 * A message being rewritten in its place: Enter saves, Esc leaves it as it was. One that is removed meanwhile cannot be saved: the
 * field stays with its words and takes no more keys.
 */
import { editsOf, keepEdit, personOf } from '../drafts.js';
import { html } from '../html.js';
import { t } from '../i18n.js';
import { confirmRemoval } from './message_actions.js';
import { fitHeight, hasKeyboard, isDone, keepHeight, trimmed } from '../fields.js';
import { useHouse } from '../ui.js';
import { useEffect, useLayoutEffect, useRef, useState } from '../vendor/hooks.js';
import { CopyButton } from './kept.js';

/** @param {{message: import('../types.js').Message}} props */
export function Editor({ message }) {
  const house = useHouse();
  const { store, ui } = house;
  const field = useRef(/** @type {HTMLTextAreaElement|null} */ (null));
  const room = /** @type {number} */ (store.current.value);
  const { seq } = message;
  const [{ text, was }, setEdit] = useState(() => editsOf(personOf(store.state.peek()), room)[seq] ?? { text: message.text, was: message.text });
  const isChanged = !message.removed && message.text !== was && message.text !== text;

  useLayoutEffect(() => {
    const area = /** @type {HTMLTextAreaElement} */ (field.current);
    area.value = text;
    fitHeight(area);
    const editing = ui.editing.peek();
    // Drawn again, after a jump, a reset or a reload, it takes the caret from nobody.
    if (editing?.isDrawn) return;
    if (editing) editing.isDrawn = true;
    area.focus();
    area.setSelectionRange(area.value.length, area.value.length);
  }, []);
  useEffect(() => keepHeight(/** @type {HTMLTextAreaElement} */ (field.current)), []);

  /** @param {import('../drafts.js').Edit|null} edit */
  const keep = (edit) => keepEdit(personOf(store.state.peek()), room, seq, edit);
  const onInput = () => {
    const area = /** @type {HTMLTextAreaElement} */ (field.current);
    const edit = { text: area.value, was };
    setEdit(edit);
    keep(edit.text === was ? null : edit);
    fitHeight(area);
  };
  const close = () => {
    keep(null);
    ui.editing.value = null;
    /** @type {HTMLElement|null} */ (document.querySelector('.composer textarea'))?.focus();
  };
  const save = () => {
    const said = trimmed(/** @type {HTMLTextAreaElement} */ (field.current).value);
    if (message.removed) return;
    if (said === '') return confirmRemoval(house, room, seq);
    if (said === message.text) return close();
    return ui.follow(store.edit(room, seq, said), close, () => keep(null));
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
      readOnly=${message.removed} onInput=${onInput} onKeyDown=${onKeyDown}></textarea>
    ${message.removed && html`<p class="hint" role="status">${t('message.removed')}</p>`}
    ${isChanged && html`<p class="hint" role="status">${t('message.changedMeanwhile')}</p>
      <p class="editor-now" dir="auto">${message.text}</p>`}
    <div class="editor-buttons">
      ${(message.removed || isChanged) && html`<${CopyButton} text=${text} ui=${ui} />`}
      <button class="button is-quiet" type="button" onClick=${close}>${t('message.cancel')}</button>
      ${!message.removed && html`<button class="button" type="button" onClick=${save}>${t('message.save')}</button>`}
    </div>
  </div>`;
}
