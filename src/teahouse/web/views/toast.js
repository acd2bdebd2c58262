/** One short sentence about what just happened, said to screen readers too. */
import { html } from '../html.js';
import { useHouse } from '../ui.js';

export function Toast() {
  const { ui } = useHouse();
  const { words, way } = ui.toast.value || {};
  const go = () => {
    ui.unsay();
    way?.go();
  };
  return html`<div class="toast-place" role="status" aria-live="polite">${words && html`<div
    class="toast"><span dir="auto">${words}</span>${way && html`<button class="toast-way" type="button" onClick=${go}>${way.words}</button>`}</div>`}</div>`;
}
