/** A room's name and topic and what its robot does, for its owner to change; and the way out. */
import { into } from '../fields.js';
import { html } from '../html.js';
import { t } from '../i18n.js';
import { isKeeper } from '../keepers.js';
import { useHouse, useLast } from '../ui.js';
import { useState } from '../vendor/hooks.js';
import { Icon } from './icon.js';
import { Overlay } from './overlay.js';
import { RobotChoice } from './robot_choice.js';
import { roomName } from './room_name.js';

/** @param {{room: number, onClose: () => void}} props */
export function RoomCard({ room: id, onClose }) {
  const { store, ui } = useHouse();
  const { rooms, lobby, you, limits } = store.state.value;
  const state = useLast(rooms[id]);
  const [written, write] = useState(/** @type {{name?: string, topic?: string}} */ ({}));
  if (!state) return null;
  const { room, role } = state;
  // A field that nobody touched reads as the room does now, for what it was called may be cleared away meanwhile.
  const { name = room.name || '', topic = room.topic || '' } = written;
  const mayChange = role === 'owner' || isKeeper(you);
  const title = roomName(room, lobby);

  const tell = () => ui.say(t('room.saved'));
  const save = (/** @type {Event} */ event) => {
    event.preventDefault();
    ui.follow(store.changeRoom(id, { name: name.trim(), topic: topic.trim() }), () => (onClose(), tell()), tell);
  };
  const leave = () => ui.open({
    type: 'confirm',
    words: t('room.leaveSure', { name: title }),
    yes: t('room.leave'),
    danger: true,
    act: () => ui.leaveRoom(id),
  });

  return html`<${Overlay} label=${t('room.details')} title=${title} onClose=${onClose}>
    <p class="hint">${room.kind === 'private' ? t('room.privateKind') : t('room.publicKind')}</p>
    ${mayChange
      ? html`<form class="fields" onSubmit=${save}>
          <label class="field"><span>${t('create.name')}</span><input class="input" dir="auto" required maxlength=${limits.max_name_chars}
            value=${name} onInput=${into((value) => write({ ...written, name: value }))} data-autofocus /></label>
          <label class="field"><span>${t('create.topic')}</span><textarea class="input" dir="auto" rows="2"
            maxlength=${limits.max_topic_chars} value=${topic} onInput=${into((value) => write({ ...written, topic: value }))}></textarea></label>
          <div class="panel-buttons"><button class="button" type="submit">${t('room.save')}</button></div>
        </form>`
      : room.topic && html`<p dir="auto">${room.topic}</p>`}
    ${mayChange && html`<${RobotChoice} room=${room} />`}
    ${id !== lobby && html`<button class="menu-item is-danger" type="button" onClick=${leave}><${Icon}
      name="log-out" />${t('room.leave')}</button>`}
  <//>`;
}
