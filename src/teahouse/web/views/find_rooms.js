/** The public rooms of the house, to be found by name and joined. */
import { into } from '../fields.js';
import { html } from '../html.js';
import { t } from '../i18n.js';
import { useHouse } from '../ui.js';
import { useEffect, useState } from '../vendor/hooks.js';
import { enterRoom } from './enter_room.js';
import { Icon } from './icon.js';
import { Overlay } from './overlay.js';
import { roomName } from './room_name.js';

/** @param {{onClose: () => void}} props */
export function FindRooms({ onClose }) {
  const { store, ui } = useHouse();
  const { lobby, rooms } = store.state.value;
  const [query, setQuery] = useState('');
  const [found, setFound] = useState(/** @type {import('../types.js').FoundRoom[]|null} */ (null));

  useEffect(() => {
    let isStale = false;
    ui.attempt(store.findRooms(query)).then((answer) => answer && !isStale && setFound(answer.rooms));
    return () => {
      isStale = true;
    };
  }, [query]);

  const enter = (/** @type {import('../types.js').FoundRoom} */ { room, joined }) =>
    (joined ? ui.openRoom(room.id) : enterRoom(store, ui, store.join(room.id)));
  // Of one's own rooms the stream tells what they are called now.
  const nowOf = (/** @type {import('../types.js').FoundRoom} */ one) => ({ ...one, room: rooms[one.room.id]?.room || one.room });
  return html`<${Overlay} label=${t('find.title')} title=${t('find.title')} onClose=${onClose} className="list-dialog">
    <input class="input" type="search" value=${query} placeholder=${t('find.placeholder')}
      aria-label=${t('find.placeholder')} data-autofocus
      onInput=${into(setQuery)} />
    <ul class="choices">
      ${(found || []).map(nowOf).map((one) => html`<li key=${one.room.id} class="choice">
        <span class="choice-icon"><${Icon} name="hash" /></span>
        <span class="choice-words"><bdi>${roomName(one.room, lobby)}</bdi><small
          dir="auto">${[t('find.members', { n: one.members }), one.room.topic].filter(Boolean).join(' · ')}</small></span>
        <button class=${one.joined ? 'button is-small is-quiet' : 'button is-small'} type="button"
          onClick=${() => enter(one)}>${one.joined ? t('find.opened') : t('find.join')}</button>
      </li>`)}
    </ul>
    ${found && found.length === 0 && html`<p class="hint">${t('find.none')}</p>`}
    <div class="panel-buttons"><button class="button is-quiet" type="button" onClick=${() => ui.open({ type: 'create' })}><${Icon}
      name="plus" />${t('rooms.create')}</button></div>
  <//>`;
}
