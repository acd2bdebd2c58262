/** A message being rewritten in its place: Enter saves, Esc leaves it as it was. */
import { html } from '../html.js';
import { t } from '../i18n.js';
import { confirmRemoval } from './message_actions.js';
import { fitHeight, isComposing } from '../fields.js';
import { useHouse } from '../ui.js';
import { useLayoutEffect, useRef } from '../vendor/hooks.js';

/** @param {{message: import('../types.js').Message}} props */
export function Editor({ message }) {
  const house = useHouse();
  const { store, ui } = house;
  const field = useRef(/** @type {HTMLTextAreaElement|null} */ (null));
  const room = /** @type {number} */ (store.current.value);

  useLayoutEffect(() => {
    const area = /** @type {HTMLTextAreaElement} */ (field.current);
    fitHeight(area);
    area.focus();
    area.setSelectionRange(area.value.length, area.value.length);
  }, []);

  const close = () => {
    ui.editing.value = null;
    /** @type {HTMLElement|null} */ (document.querySelector('.composer textarea'))?.focus();
  };
  const save = async () => {
    const text = /** @type {HTMLTextAreaElement} */ (field.current).value.trim();
    if (text === '') return confirmRemoval(house, room, message.seq);
    if (text === message.text || (await ui.attempt(store.edit(room, message.seq, text)))) close();
  };
  const onKeyDown = (/** @type {KeyboardEvent} */ event) => {
    if (isComposing(event)) return;
    event.stopPropagation();
    if (event.key === 'Escape') close();
    if (event.key !== 'Enter' || event.shiftKey) return;
    event.preventDefault();
    save();
  };

  return html`<div class="editor">
    <textarea ref=${field} dir="auto" rows="1" aria-label=${t('composer.editing')} defaultValue=${message.text}
      onInput=${() => field.current && fitHeight(field.current)} onKeyDown=${onKeyDown}></textarea>
    <div class="editor-buttons">
      <button class="button is-quiet" type="button" onClick=${close}>${t('message.cancel')}</button>
      <button class="button" type="button" onClick=${save}>${t('message.save')}</button>
    </div>
  </div>`;
}
