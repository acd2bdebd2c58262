/** One short sentence about what just happened, said to screen readers too. */
import { html } from '../html.js';
import { useHouse } from '../ui.js';

export function Toast() {
  const { ui } = useHouse();
  return html`<div class="toast-place" role="status" aria-live="polite">${ui.toast.value && html`<div
    class="toast">${ui.toast.value}</div>`}</div>`;
}
