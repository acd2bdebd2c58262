/** One picture of the sprite. Decoration only: the button around it carries the name. */
import { html } from '../html.js';

const SPRITE = new URL('../icons.svg', import.meta.url).href;

/** @param {{name: string}} props */
export function Icon({ name }) {
  return html`<svg class="icon" aria-hidden="true" focusable="false"><use href=${`${SPRITE}#${name}`} /></svg>`;
}
