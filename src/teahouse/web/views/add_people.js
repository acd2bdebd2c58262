/** People of the lobby, to be added to a room. */
import { into } from '../fields.js';
import { searchKey } from '../folding.js';
import { html } from '../html.js';
import { t } from '../i18n.js';
import { useHouse } from '../ui.js';
import { useEffect, useState } from '../vendor/hooks.js';
import { Face } from './face.js';
import { Overlay } from './overlay.js';

/** @typedef {import('../types.js').User} User */

/** @param {{room: number, onClose: () => void}} props */
export function AddPeople({ room, onClose }) {
  const { store, ui } = useHouse();
  const { lobby } = store.state.value;
  const [query, setQuery] = useState('');
  const [answer, setAnswer] = useState(/** @type {{query: string, people: User[]}|null} */ (null));
  const [added, setAdded] = useState(/** @type {number[]} */ ([]));

  useEffect(() => {
    let isStale = false;
    ui.attempt(Promise.all([store.members(lobby, query), store.members(room, query)])).then((answers) => {
      if (!answers || isStale) return;
      const [all, inside] = answers.map(({ members }) => members.map(({ user }) => user));
      setAnswer({ query, people: all.filter((user) => !inside.some(({ id }) => id === user.id) || added.includes(user.id)) });
    });
    return () => {
      isStale = true;
    };
  }, [query]);

  const add = async (/** @type {User} */ user) => {
    if (await ui.attempt(store.addMember(room, user.id))) setAdded([...added, user.id]);
  };
  // Of an answer to other letters only those are shown whom these fit as well.
  const people = answer && (answer.query === query ? answer.people : answer.people.filter(({ name }) => searchKey(name).includes(searchKey(query))));
  return html`<${Overlay} label=${t('room.add')} title=${t('room.add')} onClose=${onClose} className="list-dialog">
    <p class="hint">${t('room.addHint')}</p>
    <input class="input" type="search" value=${query} placeholder=${t('people.search')} aria-label=${t('people.search')} data-autofocus
      onInput=${into(setQuery)} />
    <ul class="choices">
      ${(people || []).map((user) => html`<li key=${user.id} class="choice">
        <${Face} face=${user.face} /><span class="choice-words"><bdi>${user.name}</bdi></span>
        ${added.includes(user.id)
          ? html`<span class="tag" role="status">${t('room.added')}</span>`
          : html`<button class="button is-small" type="button" onClick=${() => add(user)}>${t('room.addOne')}</button>`}
      </li>`)}
    </ul>
    ${answer?.query === query && answer.people.length === 0 && html`<p class="hint">${t('room.addNone')}</p>`}
  <//>`;
}
