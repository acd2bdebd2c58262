/** A secret that is shown this once, in a field from which it is copied. */
import { toClipboard } from '../clipboard.js';
import { focusOnce } from '../fields.js';
import { html } from '../html.js';
import { t } from '../i18n.js';
import { useHouse } from '../ui.js';
import { Icon } from './icon.js';

/** @param {{words: string, secret: string, copy: string, children?: any, onDone: () => void}} props   `copy`: what its button is called */
export function ShownOnce({ words, secret, copy, children, onDone }) {
  const { ui } = useHouse();
  const take = async () => {
    if (await toClipboard(secret)) ui.say(t('programs.copied'));
  };
  return html`<div class="token-secret">
    <p>${words}</p>
    <div class="token-field">
      <input class="input" readonly value=${secret} aria-label=${words} dir="ltr" data-secret
        ref=${focusOnce}
        onFocus=${(/** @type {FocusEvent} */ event) => /** @type {HTMLInputElement} */ (event.target).select()} />
      <button class="icon-button" type="button" onClick=${take} aria-label=${copy} title=${copy}><${Icon} name="copy" /></button>
    </div>
    ${children}
    <div class="panel-buttons"><button class="button" type="button" onClick=${onDone}>${t('programs.done')}</button></div>
  </div>`;
}
