/** A few choices of which one holds, side by side under their question. */
import { html } from '../html.js';

/**
 * @template T
 * @param {{label: string, choices: [T, string][], chosen: T, onChoose: (choice: T) => void}} props   value and words of each
 */
export function ChoiceRow({ label, choices, chosen, onChoose }) {
  return html`<div class="field"><span>${label}</span>
    <div class="segments" role="group" aria-label=${label}>
      ${choices.map(([value, words]) => html`<button key=${words} type="button" aria-pressed=${value === chosen}
        onClick=${() => onChoose(value)}>${words}</button>`)}
    </div>
  </div>`;
}
