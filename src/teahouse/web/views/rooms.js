/** The list of one's rooms and direct messages, with what is unread in each; and oneself below. */
import { anchored } from '../fields.js';
import { html } from '../html.js';
import { language, t } from '../i18n.js';
import { useHouse } from '../ui.js';
import { useLayoutEffect, useRef } from '../vendor/hooks.js';
import { Face } from './face.js';
import { Icon } from './icon.js';
import { roomName } from './room_name.js';

/** @typedef {import('../types.js').RoomState} RoomState */

export function Rooms() {
  const { store, ui } = useHouse();
  const { rooms, lobby } = store.state.value;
  const house = store.house.value;
  const [places, directs] = sorted(Object.values(rooms), lobby);
  return html`<nav class="rooms" aria-label=${t('rooms.title')}>
    <header class="rooms-head">
      <img class="logo" src=${new URL('../logo.svg', import.meta.url).href} alt="" width="32" height="32" />
      <h1><bdi>${house ? house.name : 'Teahouse'}</bdi></h1>
      <button class="icon-button" type="button" onClick=${() => ui.open({ type: 'search', room: 0 })} aria-label=${t('search.all')}
        title=${t('search.all')} aria-keyshortcuts="Control+K Meta+K"><${Icon} name="search" /></button>
    </header>
    <div class="rooms-scroll">
      <section>
        <div class="rooms-section">
          <h2>${t('rooms.title')}</h2>
          <button class="icon-button" type="button" onClick=${() => ui.open({ type: 'find' })} aria-label=${t('rooms.find')}
            title=${t('rooms.find')}><${Icon} name="compass" /></button>
          <button class="icon-button" type="button" onClick=${() => ui.open({ type: 'create' })} aria-label=${t('rooms.create')}
            title=${t('rooms.create')}><${Icon} name="plus" /></button>
        </div>
        <ul>${places.map((room) => html`<${RoomItem} key=${room.room.id} room=${room} />`)}</ul>
      </section>
      <section>
        <div class="rooms-section"><h2>${t('rooms.directs')}</h2></div>
        ${directs.length > 0
          ? html`<ul>${directs.map((room) => html`<${RoomItem} key=${room.room.id} room=${room} />`)}</ul>`
          : html`<p class="hint">${t('rooms.noDirects')}</p>`}
      </section>
    </div>
    <${Myself} />
  </nav>`;
}

/** @param {{room: RoomState}} props */
function RoomItem({ room: { room, unread, mention } }) {
  const { store, ui } = useHouse();
  const { lobby, rooms } = store.state.value;
  const isCurrent = store.current.value === room.id;
  const classes = ['room-item', isCurrent ? 'is-current' : '', unread > 0 ? 'is-unread' : ''].filter(Boolean).join(' ');
  const isHere = Boolean(room.peer && rooms[lobby]?.here[room.peer.id]);
  const line = useRef(/** @type {HTMLElement|null} */ (null));
  useLayoutEffect(() => {
    if (isCurrent) line.current?.scrollIntoView({ block: 'nearest' });
  }, [isCurrent]);
  return html`<li ref=${line}>
    <button class=${classes} type="button" aria-current=${isCurrent ? 'page' : undefined} onClick=${() => ui.openRoom(room.id)}>
      ${room.peer ? html`<${Face} face=${room.peer.face} here=${isHere} />` : html`<span class="room-icon"><${Icon}
        name=${room.kind === 'private' ? 'lock' : 'hash'} /></span>`}
      <span class="room-item-name"><bdi>${roomName(room, lobby)}</bdi></span>
      ${mention && html`<span class="badge is-mention" title=${t('rooms.mention')}><${Icon} name="at-sign" /><span
        class="visually-hidden">${t('rooms.mention')}</span></span>`}
      ${unread > 0 && html`<span class=${mention || room.peer ? 'badge is-loud' : 'badge'}
        aria-label=${t('rooms.unread', { n: unread })}>${unread > 99 ? '99+' : unread}</span>`}
    </button>
  </li>`;
}

function Myself() {
  const { store, ui } = useHouse();
  const { you } = store.state.value;
  if (!you) return null;
  return html`<footer class="myself">
    <button class="person" type="button" aria-haspopup="dialog" aria-label=${t('menu.open', { name: you.name })}
      onClick=${anchored((anchor) => ui.open({ type: 'menu', anchor }))}>
      <${Face} face=${you.face} here=${store.link.value.status === 'open'} />
      <span class="person-name"><bdi>${you.name}</bdi></span>
      <${Icon} name="settings-2" />
    </button>
  </footer>`;
}

/**
 * The lobby first, then by name: a list that does not move under the finger.
 *
 * @param {RoomState[]} rooms
 * @param {number} lobby
 * @returns {[RoomState[], RoomState[]]}
 */
function sorted(rooms, lobby) {
  const order = new Intl.Collator(language.value === 'zh' ? 'zh-CN' : 'en');
  const nameOf = (/** @type {RoomState} */ { room }) => roomName(room, lobby);
  const byName = (/** @type {RoomState} */ a, /** @type {RoomState} */ b) => order.compare(nameOf(a), nameOf(b));
  const isLobby = (/** @type {RoomState} */ { room }) => Number(room.id === lobby);
  const places = rooms.filter(({ room }) => room.kind !== 'direct').sort((a, b) => isLobby(b) - isLobby(a) || byName(a, b));
  return [places, rooms.filter(({ room }) => room.kind === 'direct').sort(byName)];
}
