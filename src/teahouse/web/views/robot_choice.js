/** When the robot answers in a room: three segments; what is chosen holds at once, and the room is told. */
import { html } from '../html.js';
import { t } from '../i18n.js';
import { useHouse } from '../ui.js';

const MODES = /** @type {import('../types.js').RobotMode[]} */ (['mention', 'always', 'never']);

/** @param {{room: import('../types.js').Room}} props */
export function RobotChoice({ room }) {
  const { store, ui } = useHouse();
  const { robot = 'mention' } = room;
  return html`<div class="field"><span id="robot-choice">${t('robot.when')}</span>
    <div class="segments" role="group" aria-labelledby="robot-choice">
      ${MODES.map((mode) => html`<button key=${mode} type="button" aria-pressed=${mode === robot}
        onClick=${() => ui.attempt(store.setRobot(room.id, mode))}>${t(`robot.${mode}`)}</button>`)}
    </div>
  </div>`;
}
