/** Someone's small card, from any name or face: talk in private, mention, and for a room's owner: put out. */
import { html } from '../html.js';
import { t } from '../i18n.js';
import { isKeeper, rank } from '../keepers.js';
import { useHouse } from '../ui.js';
import { enterRoom } from './enter_room.js';
import { Face } from './face.js';
import { Icon } from './icon.js';
import { KeepPerson } from './keep_person.js';
import { Overlay } from './overlay.js';

/** @type {Record<string, import('../i18n.js').Key|undefined>} */
const ROLES = { owner: 'people.owner', admin: 'people.admin', bot: 'people.bot' };

/** @param {{user: import('../types.js').User, anchor: DOMRect, onClose: () => void}} props */
export function Profile({ user, anchor, onClose }) {
  const { store, ui } = useHouse();
  const { you, rooms, lobby } = store.state.value;
  const room = rooms[store.current.value || 0];
  const isMe = you?.id === user.id;
  const isHere = Boolean(room?.here[user.id] || rooms[lobby]?.here[user.id]);
  const key = isMe ? 'people.you' : ROLES[user.role || ''];
  const role = key ? t(key) : '';
  const mention = () => {
    onClose();
    ui.insertion.value = { text: `@${user.name} ` };
  };
  return html`<${Overlay} label=${t('people.profile', { name: user.name })} anchor=${anchor} onClose=${onClose} className="profile">
    <div class="profile-face"><${Face} face=${user.face} here=${isHere} /></div>
    <h2 class="profile-name"><bdi>${user.name}</bdi></h2>
    <p class="profile-role">${[role, isHere && t('people.isHere')].filter(Boolean).join(' · ')}</p>
    ${!isMe && html`<div class="profile-buttons">
      <button class="button" type="button" data-autofocus onClick=${() => enterRoom(store, ui, store.openDirect(user.id))}><${Icon}
        name="message-circle" />${t('people.message')}</button>
      ${room && room.room.kind !== 'direct' && html`<button class="button is-quiet" type="button" onClick=${mention}><${Icon}
        name="at-sign" />${t('people.mention')}</button>`}
    </div>`}
    ${!isMe && room && mayPutOut(room, lobby, you, user) && html`<button class="link is-danger" type="button"
      onClick=${() => askRemoval(store, ui, room, user)}>${t('people.remove')}</button>`}
    <${KeepPerson} user=${user} />
  <//>`;
}

/**
 * Whoever is put out of a room comes back when someone who manages it lets them; nobody is put out of the lobby, nor who stands above.
 *
 * @param {import('../types.js').RoomState} room
 * @param {number} lobby
 * @param {import('../types.js').User|null} you
 * @param {import('../types.js').User} user
 */
function mayPutOut({ room, role }, lobby, you, user) {
  return room.kind !== 'direct' && room.id !== lobby && (role === 'owner' || isKeeper(you))
    && (room.kind === 'private' || rank(user) <= rank(you));
}

/**
 * @param {import('../store.js').Store} store
 * @param {import('../ui.js').Ui} ui
 * @param {import('../types.js').RoomState} room
 * @param {import('../types.js').User} user
 */
function askRemoval(store, ui, { room }, user) {
  ui.open({
    type: 'confirm',
    words: t('people.removeSure', { name: user.name }),
    yes: t('people.remove'),
    danger: true,
    act: () => ui.attempt(store.removeMember(room.id, user.id)),
  });
}
