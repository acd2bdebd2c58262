/** Someone's face: a round picture of the server's faces. */
import { html } from '../html.js';
import { root } from '../root.js';

/** @param {string} face */
export function faceUrl(face) {
  return `${root}faces/${encodeURIComponent(face)}.svg`;
}

/** @param {{face: string, here?: boolean}} props   `here` adds the dot of presence */
export function Face({ face, here = false }) {
  return html`<span class=${here ? 'face is-here' : 'face'}><img src=${faceUrl(face)} alt="" width="40" height="40"
    draggable=${false} /></span>`;
}
