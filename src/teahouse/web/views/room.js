/** The open room: its head, its messages, the composer. */
import { anchored } from '../fields.js';
import { html } from '../html.js';
import { t } from '../i18n.js';
import { useHouse } from '../ui.js';
import { Banner } from './banner.js';
import { Composer } from './composer.js';
import { Face } from './face.js';
import { GoneRoom } from './gone.js';
import { Icon } from './icon.js';
import { Messages } from './messages.js';
import { roomName } from './room_name.js';
import { Typing } from './typing.js';

/** @param {{room: import('../types.js').RoomState, gone?: import('../types.js').Gone|null}} props   `gone`: it went while it was open */
export function Room({ room, gone = null }) {
  const { id } = room.room;
  return html`<main class="room">
    <${Head} room=${room} gone=${Boolean(gone)} />
    <${Banner} />
    ${gone ? html`<${GoneRoom} gone=${gone} />` : html`<${Messages} key=${`messages${id}`} room=${room} />`}
    <${Typing} room=${room} />
    <${Composer} key=${`composer${id}`} room=${room} gone=${Boolean(gone)} />
  </main>`;
}

export function NoRoom() {
  return html`<main class="room">
    <${Banner} />
    <div class="beginning is-empty"><span class="beginning-cup" aria-hidden="true">🍵</span><p
      class="beginning-title">${t('room.none')}</p><p>${t('room.noneHint')}</p></div>
  </main>`;
}

/** @param {{room: import('../types.js').RoomState, gone: boolean}} props */
function Head({ room, gone }) {
  const { store, ui } = useHouse();
  const { lobby } = store.state.value;
  const { id, kind, topic, peer } = room.room;
  const others = otherUnread(store.state.value.rooms, id);
  const showPeople = () => (ui.narrow.value ? ui.open({ type: 'people', room: id }) : ui.togglePeople());
  const about = anchored((anchor) => ui.open(peer ? { type: 'profile', user: peer, anchor } : { type: 'room', room: id }));
  const kindWords = kind === 'private' ? t('room.privateKind') : t('room.publicKind');
  return html`<header class="room-head">
    <button class="icon-button back" type="button" onClick=${ui.closeRoom} aria-label=${t('rooms.back')} title=${t('rooms.back')}>
      <${Icon} name="arrow-left" />${others > 0 && html`<span class="badge is-loud">${others > 99 ? '99+' : others}</span>`}
    </button>
    <button class="room-about" type="button" onClick=${about} disabled=${gone} title=${peer ? '' : t('room.details')}>
      ${peer ? html`<${Face} face=${peer.face} here=${Boolean(store.state.value.rooms[lobby]?.here[peer.id])} />` : html`<span
        class="room-icon"><${Icon} name=${kind === 'private' ? 'lock' : 'hash'} /></span>`}
      <span class="room-words">
        <span class="room-title" role="heading" aria-level="1"><bdi>${roomName(room.room, lobby)}</bdi></span>
        <span class="room-topic" dir="auto">${peer ? t('room.directKind') : topic || kindWords}</span>
      </span>
    </button>
    ${!gone && html`<button class="icon-button" type="button" onClick=${() => ui.open({ type: 'search', room: id })}
      aria-label=${t('search.here')} title=${t('search.here')}><${Icon} name="search" /></button>`}
    ${!peer && !gone && html`<button class="people-button" type="button" onClick=${showPeople}
      aria-pressed=${ui.narrow.value ? undefined : ui.peopleOpen.value} title=${t('people.show')}
      aria-label=${`${t('people.show')}: ${t('people.hereCount', { n: room.hereCount })}`}>
      <${Icon} name="users" /><span>${room.hereCount || ''}</span>
    </button>`}
  </header>`;
}

/**
 * @param {Record<number, import('../types.js').RoomState>} rooms
 * @param {number} current
 */
function otherUnread(rooms, current) {
  return Object.values(rooms).reduce((sum, { room, unread }) => (room.id === current ? sum : sum + unread), 0);
}
