/** What was written in a room and not sent yet; it survives a reload, and so does what it answers. */
import { recall, remember } from './preferences.js';

/**
 * @param {number} you
 * @param {number} room
 */
export function draftOf(you, room) {
  return recall(keyOf(you, room), '');
}

/**
 * @param {number} you
 * @param {number} room
 * @param {string} text
 */
export function keepDraft(you, room, text) {
  remember(keyOf(you, room), text.trim() === '' ? null : text);
}

/**
 * By person, because the next one at this browser shall not find it.
 *
 * @param {number} you
 * @param {number} room
 */
function keyOf(you, room) {
  return `draft.${you}.${room}`;
}
