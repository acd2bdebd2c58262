/** The people whose names begin as the word after `@`: a list over the composer, chosen with ↑ ↓ and Enter or by a tap. */
import { html } from '../html.js';
import { t } from '../i18n.js';
import { useHouse } from '../ui.js';
import { useRef, useState } from '../vendor/hooks.js';
import { Face } from './face.js';

const MENTION_START = /(?:^|[^A-Za-z0-9_])@([^\s@]{0,32})$/;
const SHOWN = 6;
const LOOK_BACK_CHARS = 40;

/**
 * @typedef {import('../types.js').User} User
 * @typedef {ReturnType<typeof useSuggestions>} Use
 */

/**
 * @param {number} room
 * @param {{current: HTMLTextAreaElement|null}} field
 * @param {(value: string, caret: number) => void} put   gives the field a new text and caret
 */
export function useSuggestions(room, field, put) {
  const { store } = useHouse();
  const [people, setPeople] = useState(/** @type {User[]} */ ([]));
  const [index, setIndex] = useState(0);
  const asked = useRef('');

  const close = () => {
    asked.current = '';
    setPeople([]);
  };
  const look = async () => {
    const query = queryAt(field.current);
    if (query === null) return close();
    if (asked.current === `@${query}`) return;
    asked.current = `@${query}`;
    const found = await store.members(room, query).catch(() => null);
    if (!found || asked.current !== `@${query}`) return;
    const you = store.state.peek().you;
    const others = found.members.map(({ user }) => user).filter(({ id }) => id !== you?.id);
    // A name that is written out needs no choice: Enter sends.
    const isWhole = others.some(({ name }) => name.toLowerCase() === query.toLowerCase());
    setIndex(0);
    setPeople(isWhole ? [] : others.slice(0, SHOWN));
  };
  const choose = (/** @type {User} */ user) => {
    const area = /** @type {HTMLTextAreaElement} */ (field.current);
    const caret = area.selectionStart;
    const start = area.value.lastIndexOf('@', caret - 1);
    const head = `${area.value.slice(0, start)}@${user.name} `;
    close();
    put(head + area.value.slice(caret), head.length);
    area.focus();
  };
  /** @param {KeyboardEvent} event  @returns {boolean} whether it was ours */
  const key = (event) => {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    const isOurs = people.length > 0 && (step !== undefined || ['Enter', 'Tab', 'Escape'].includes(event.key));
    if (!isOurs) return false;
    event.preventDefault();
    if (step) setIndex((index + step + people.length) % people.length);
    else if (event.key === 'Escape') setPeople([]);
    else choose(people[index]);
    return true;
  };
  const open = people.length > 0;
  return {
    people, index, look, close, choose, key,
    field: {
      'aria-autocomplete': 'list', 'aria-haspopup': 'listbox', 'aria-controls': 'suggestions',
      'aria-activedescendant': open ? `suggestion-${people[index].id}` : undefined,
    },
  };
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

/**
 * What is written after the `@` before the caret; null when the caret is not in such a word.
 *
 * @param {HTMLTextAreaElement|null} area
 */
function queryAt(area) {
  if (!area || area.selectionStart !== area.selectionEnd) return null;
  const before = area.value.slice(Math.max(0, area.selectionStart - LOOK_BACK_CHARS), area.selectionStart);
  const found = MENTION_START.exec(before);
  return found ? found[1] : null;
}
