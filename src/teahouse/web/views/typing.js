/** Who is typing, in a line that is always there, so that nothing moves when someone begins. */
import { html } from '../html.js';
import { t } from '../i18n.js';

/** @param {{room: import('../types.js').RoomState}} props */
export function Typing({ room }) {
  const names = Object.values(room.typing).map(({ user }) => user.name);
  return html`<p class="typing" aria-live="off">${names.length > 0 && html`<span class="typing-dots"
    aria-hidden="true"><i></i><i></i><i></i></span><span><bdi>${words(names)}</bdi></span>`}</p>`;
}

/** @param {string[]} names */
function words(names) {
  if (names.length === 1) return t('typing.one', { name: names[0] });
  if (names.length === 2) return t('typing.two', { name: names[0], other: names[1] });
  return t('typing.many');
}
