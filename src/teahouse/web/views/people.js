/** Who is in a room and who of them is here: a column on a desk, a sheet on a phone. */
import { anchored, into } from '../fields.js';
import { html } from '../html.js';
import { t } from '../i18n.js';
import { useHouse, useLast } from '../ui.js';
import { useEffect, useRef, useState } from '../vendor/hooks.js';
import { Face } from './face.js';
import { Icon } from './icon.js';
import { useKeptFocus } from './kept_focus.js';
import { Overlay } from './overlay.js';

const SEARCH_FROM = 12;

/** @typedef {import('../types.js').Member} Member */

/** @param {{room: import('../types.js').RoomState}} props */
export function PeopleColumn({ room }) {
  return html`<aside class="people" aria-label=${t('people.title')}>
    <header class="people-head"><h2>${t('people.title')}</h2><${AddButton} room=${room} /></header>
    <${PeopleList} room=${room} />
  </aside>`;
}

/** @param {{room: number, onClose: () => void}} props */
export function PeopleSheet({ room: id, onClose }) {
  const { store } = useHouse();
  const room = useLast(store.state.value.rooms[id]);
  return room && html`<${Overlay} label=${t('people.title')} title=${t('people.title')} onClose=${onClose} className="people-sheet">
    <${PeopleList} room=${room} />
    <div class="panel-buttons"><${AddButton} room=${room} wide /></div>
  <//>`;
}

/** @param {{room: import('../types.js').RoomState, wide?: boolean}} props */
function AddButton({ room: { room }, wide = false }) {
  const { ui } = useHouse();
  if (room.kind !== 'private') return null;
  const open = () => ui.open({ type: 'add', room: room.id });
  if (wide) return html`<button class="button is-quiet" type="button" onClick=${open}><${Icon}
    name="user-plus" />${t('room.add')}</button>`;
  return html`<button class="icon-button" type="button" onClick=${open} aria-label=${t('room.add')} title=${t('room.add')}><${Icon}
    name="user-plus" /></button>`;
}

/** @param {{room: import('../types.js').RoomState}} props */
function PeopleList({ room }) {
  const { store, ui } = useHouse();
  const { id } = room.room;
  const [query, setQuery] = useState('');
  const [members, setMembers] = useState(/** @type {Member[]|null} */ (null));
  const [count, setCount] = useState(0);
  const isOpen = store.link.value.status === 'open';
  const present = Object.keys(room.here).join();
  const list = useRef(/** @type {HTMLElement|null} */ (null));
  useKeptFocus(list, neighbour);

  useEffect(() => {
    let isStale = false;
    if (isOpen) store.members(id, query).then((found) => !isStale && (setMembers(found.members), setCount(found.count)), () => {});
    return () => {
      isStale = true;
    };
  }, [id, query, isOpen, present, room.notices.length]);

  const isHere = (/** @type {Member} */ { user, here }) => (room.here[user.id] ? true : here && !present);
  const here = (members || []).filter(isHere);
  const away = (members || []).filter((member) => !isHere(member));
  return html`<div class="people-list" ref=${list}>
    ${(count > SEARCH_FROM || query) && html`<input class="input" type="search" value=${query} placeholder=${t('people.search')}
      aria-label=${t('people.search')}
      onInput=${into(setQuery)} />`}
    ${here.length > 0 && html`<h3>${t('people.here', { n: query ? here.length : room.hereCount || here.length })}</h3><${People}
      members=${here} here room=${room} ui=${ui} />`}
    ${away.length > 0 && html`<h3>${t('people.away', { n: away.length })}</h3><${People} members=${away} room=${room} ui=${ui} />`}
    ${members && members.length === 0 && html`<p class="hint">${t('people.none')}</p>`}
    ${!query && members && count > members.length && html`<p class="hint">${t('people.more', { n: count - members.length })}</p>`}
  </div>`;
}

/** @param {{members: Member[], here?: boolean, room: import('../types.js').RoomState, ui: import('../ui.js').Ui}} props */
function People({ members, here = false, room, ui }) {
  const { store } = useHouse();
  const you = store.state.value.you?.id;
  return html`<ul>
    ${members.map(({ user, role }) => html`<li key=${user.id}>
      <button class=${here ? 'person' : 'person is-away'} type="button"
        onClick=${anchored((anchor) => ui.open({ type: 'profile', user, room: room.room.id, anchor }))}>
        <${Face} face=${user.face} here=${here} />
        <span class="person-name"><bdi>${user.name}</bdi></span>
        ${user.id === you && html`<span class="tag">${t('people.you')}</span>`}
        ${user.role === 'bot' && html`<span class="tag">${t('people.bot')}</span>`}
        ${user.role === 'admin' && html`<span class="person-shield" title=${t('people.admin')}><${Icon}
          name="shield" /><span class="visually-hidden">${t('people.admin')}</span></span>`}
        ${(user.role === 'owner' || role === 'owner') && html`<span class="person-crown" title=${t('people.owner')}><${Icon}
          name="crown" /><span class="visually-hidden">${t('people.owner')}</span></span>`}
      </button>
    </li>`)}
  </ul>`;
}

/**
 * Who stands in a list where somebody left it.
 *
 * @param {HTMLElement} list
 * @param {number} place
 */
function neighbour(list, place) {
  const people = list.querySelectorAll('button');
  return people[Math.min(place, people.length - 1)];
}
