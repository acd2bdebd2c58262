/** "Are you sure?", where something cannot be undone. */
import { html } from '../html.js';
import { t } from '../i18n.js';
import { Overlay } from './overlay.js';

/** @param {{words: string, yes: string, danger?: boolean, act: () => void, onClose: () => void}} props */
export function Confirm({ words, yes, danger = false, act, onClose }) {
  const onYes = () => {
    onClose();
    act();
  };
  return html`<${Overlay} label=${words} onClose=${onClose} className="confirm">
    <p>${words}</p>
    <div class="panel-buttons">
      <button class="button is-quiet" type="button" onClick=${onClose}>${t('dialog.cancel')}</button>
      <button class=${danger ? 'button is-danger' : 'button'} type="button" onClick=${onYes} data-autofocus>${yes}</button>
    </div>
  <//>`;
}
