/** What a room is called, wherever it is named. */
import { t } from '../i18n.js';

/**
 * @param {import('../types.js').Room} room
 * @param {number} lobby
 */
export function roomName(room, lobby) {
  if (room.kind === 'direct') return room.peer ? room.peer.name : '';
  if (room.id === lobby && (!room.name || room.name === 'Lobby')) return t('room.lobby');
  return room.name || '';
}
