/** Words that could not be sent any more: to be read and copied, written nowhere. Nothing here takes the focus. */
import { toClipboard } from '../clipboard.js';
import { fitHeight } from '../fields.js';
import { html } from '../html.js';
import { t } from '../i18n.js';
import { useHouse } from '../ui.js';
import { Icon } from './icon.js';

/** @param {{words: {title: string, text: string}[]}} props */
export function Kept({ words }) {
  const { ui } = useHouse();
  return html`${words.map(({ title, text }, index) => html`<div key=${index} class="kept">
    <label class="field"><span><bdi>${title}</bdi></span><textarea class="input" readOnly dir="auto" rows="1" value=${text}
      ref=${fitOnce}></textarea></label>
    <${CopyButton} text=${text} ui=${ui} />
  </div>`)}`;
}

/** @param {{text: string, ui: import('../ui.js').Ui}} props */
export function CopyButton({ text, ui }) {
  const copy = async () => {
    if (await toClipboard(text)) ui.say(t('message.copied'));
  };
  return html`<button class="icon-button" type="button" onClick=${copy} aria-label=${t('gone.copy')} title=${t('gone.copy')}><${Icon}
    name="copy" /></button>`;
}

/** @param {HTMLTextAreaElement|null} area */
function fitOnce(area) {
  if (area) fitHeight(area);
}
