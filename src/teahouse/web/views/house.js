/** Inside: rooms, the open room, who is here; on a phone the rooms and the room are two screens. */
import { html } from '../html.js';
import { t } from '../i18n.js';
import { useHouse } from '../ui.js';
import { useEffect } from '../vendor/hooks.js';
import { Banner } from './banner.js';
import { PeopleColumn } from './people.js';
import { NoRoom, Room } from './room.js';
import { roomName } from './room_name.js';
import { Rooms } from './rooms.js';

export function House() {
  const { store, ui } = useHouse();
  const { rooms } = store.state.value;
  const gone = store.gone.value;
  const room = gone ? gone.room : rooms[store.current.value || 0];
  useTitle(store, room);
  useOwnerLink(store, ui);
  useSearchKeys(store, ui);
  const isPhone = ui.narrow.value;
  const hasPeople = room && !gone && room.room.kind !== 'direct' && ui.peopleOpen.value && !isPhone;
  return html`<div class=${hasPeople ? 'house has-people' : 'house'}>
    ${!isPhone && html`<div class="house-rooms"><${Rooms} /></div>`}
    ${isPhone && !room && html`<main class="house-rooms"><${Banner} /><${Rooms} /></main>`}
    ${room ? html`<${Room} room=${room} gone=${gone} />` : !isPhone && html`<${NoRoom} />`}
    ${hasPeople && html`<${PeopleColumn} key=${room.room.id} room=${room} />`}
  </div>`;
}

/**
 * @param {import('../store.js').Store} store
 * @param {import('../types.js').RoomState|undefined} room
 */
function useTitle(store, room) {
  const { rooms, lobby } = store.state.value;
  const unread = Object.values(rooms).reduce((sum, one) => sum + one.unread, 0);
  const house = store.house.value ? store.house.value.name : 'Teahouse';
  const title = `${unread > 0 ? `(${unread}) ` : ''}${room ? `${roomName(room.room, lobby)} · ` : ''}${house}`;
  useEffect(() => {
    document.title = title;
  }, [title]);
}

/**
 * Ctrl+K or ⌘K from anywhere, and / where nothing is being written, open the search.
 *
 * @param {import('../store.js').Store} store
 * @param {import('../ui.js').Ui} ui
 */
function useSearchKeys(store, ui) {
  useEffect(() => {
    const onKeyDown = (/** @type {KeyboardEvent} */ event) => {
      const { key, ctrlKey, metaKey, altKey, target } = event;
      const isCommand = (ctrlKey || metaKey) && !altKey && key.toLowerCase() === 'k';
      const isSlash = key === '/' && !ctrlKey && !metaKey && !(/** @type {Element} */ (target).closest('input, textarea'));
      if ((!isCommand && !isSlash) || ui.overlay.peek()) return;
      // The rest of a sentence whose field went with its room is no wish to search.
      if (isSlash && store.gone.peek()) return;
      event.preventDefault();
      ui.open({ type: 'search', room: isSlash ? store.current.peek() || 0 : 0 });
    };
    addEventListener('keydown', onKeyDown);
    return () => removeEventListener('keydown', onKeyDown);
  }, []);
}

/**
 * Someone who is inside already opened the owner's link.
 *
 * @param {import('../store.js').Store} store
 * @param {import('../ui.js').Ui} ui
 */
function useOwnerLink(store, ui) {
  const { you } = store.state.value;
  useEffect(() => {
    const { owner } = ui.keys;
    if (!owner || !you || you.role === 'owner') return;
    const take = async () => {
      await store.signIn({ name: you.name, face: you.face, ownerKey: owner });
      ui.forgetKeys();
      ui.say(t('owner.done'));
    };
    ui.open({ type: 'confirm', words: t('owner.words', { name: you.name }), yes: t('owner.take'), act: () => ui.attempt(take()) });
  }, []);
}
