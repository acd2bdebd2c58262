/**
 * The people whom the words after `@` fit: a list over the composer, chosen with ↑ ↓ and Enter or by a tap. Keys act on it only while
 * the caret is where it was opened for; it answers what stands in the field, also while the house's answer is on its way.
 */
import { begunAt, fitting } from '../completion.js';
import { replaceText } from '../fields.js';
import { html } from '../html.js';
import { t } from '../i18n.js';
import { useHouse } from '../ui.js';
import { useEffect, useRef, useState } from '../vendor/hooks.js';
import { Face } from './face.js';

const SHOWN = 6;
const NOBODY = /** @type {User[]} */ ([]);

/**
 * @typedef {import('../types.js').User} User
 * @typedef {import('../completion.js').Begun} Begun
 * @typedef {ReturnType<typeof useSuggestions>} Use
 */

/**
 * @param {number} room
 * @param {{current: HTMLTextAreaElement|null}} field
 */
export function useSuggestions(room, field) {
  const { store } = useHouse();
  const [known, setKnown] = useState(NOBODY);
  const [begun, setBegun] = useState(/** @type {Begun|null} */ (null));
  const [index, setIndex] = useState(0);
  const [dismissed, setDismissed] = useState(/** @type {Begun|null} */ (null));
  const asked = useRef(/** @type {string|null} */ (null));
  /** Whose answer was nobody: so is that of all that goes on from it. */
  const vain = useRef(/** @type {string|null} */ (null));
  const shown = begun && !isSame(begun, dismissed) ? fitting(known, begun.query).slice(0, SHOWN) : NOBODY;
  const at = Math.min(index, shown.length - 1);

  const now = () => {
    const area = field.current;
    const isCaret = area && area.selectionStart === area.selectionEnd;
    return isCaret ? begunAt(area.value, area.selectionStart) : null;
  };
  const close = () => setBegun(null);
  const look = async () => {
    const here = now();
    if (isSame(here, begun)) return;
    setBegun(here);
    setIndex(0);
    if (!here) return;
    const query = here.query.trim();
    if (asked.current === query || (vain.current !== null && query.startsWith(vain.current))) return;
    asked.current = query;
    const found = await store.members(room, query).catch(() => null);
    if (asked.current !== query) return;
    if (!found) return void (asked.current = null);
    vain.current = found.members.length === 0 ? query : null;
    const you = store.state.peek().you;
    setKnown(found.members.map(({ user }) => user).filter(({ id }) => id !== you?.id));
  };
  useEffect(() => {
    const onMove = () => document.activeElement === field.current && look();
    document.addEventListener('selectionchange', onMove);
    return () => document.removeEventListener('selectionchange', onMove);
  });
  const choose = (/** @type {User} */ user) => {
    if (!begun || !isSame(now(), begun)) return close();
    replaceText(/** @type {HTMLTextAreaElement} */ (field.current), `@${user.name} `, begun.start, begun.end);
    close();
  };
  /** @param {KeyboardEvent} event  @returns {boolean} whether it was ours */
  const key = (event) => {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    const isOurs = shown.length > 0 && isSame(now(), begun) && (step !== undefined || ['Enter', 'Tab', 'Escape'].includes(event.key));
    if (!isOurs || event.shiftKey || event.ctrlKey || event.altKey || event.metaKey) return false;
    event.preventDefault();
    if (step) setIndex((at + step + shown.length) % shown.length);
    else if (event.key === 'Escape') setDismissed(begun);
    else choose(shown[at]);
    return true;
  };
  return {
    people: shown, index: at, look, close, choose, key,
    field: {
      'aria-autocomplete': 'list', 'aria-haspopup': 'listbox', 'aria-controls': 'suggestions',
      'aria-activedescendant': at >= 0 ? `suggestion-${shown[at].id}` : undefined,
    },
  };
}

/**
 * @param {Begun|null} one
 * @param {Begun|null} other
 */
function isSame(one, other) {
  return one?.start === other?.start && one?.end === other?.end && one?.query === other?.query;
}

/** @param {{suggestions: Use}} props */
export function Suggestions({ suggestions: { people, index, choose } }) {
  return html`<ul class="suggestions" id="suggestions" role="listbox" aria-label=${t('composer.suggestions')} hidden=${people.length === 0}>
    ${people.map((user, at) => html`<li key=${user.id} id=${`suggestion-${user.id}`} class="suggestion" role="option"
      aria-selected=${at === index}
      onMouseDown=${(/** @type {Event} */ event) => (event.preventDefault(), choose(user))}>
      <${Face} face=${user.face} /><bdi>${user.name}</bdi>
    </li>`)}
  </ul>`;
}
