/** What was written in a room and not sent yet; it survives a reload, and so does what it answers. */
import { recall, remember } from './preferences.js';

/** @typedef {{id: number, since: number}} Person   by id alone it may be another one in another life of the database */

/**
 * @param {Person} you
 * @param {number} room
 */
export function draftOf(you, room) {
  const kept = recall(keyOf(you, room), /** @type {string|{since: number, text: string}} */ (''));
  if (typeof kept === 'string') return kept;
  return kept.since === you.since ? kept.text : '';
}

/**
 * @param {Person} you
 * @param {number} room
 * @param {string} text
 */
export function keepDraft(you, room, text) {
  remember(keyOf(you, room), text.trim() === '' ? null : { since: you.since, text });
}

/**
 * By person, because the next one at this browser shall not find it.
 *
 * @param {Person} you
 * @param {number} room
 */
function keyOf({ id }, room) {
  return `draft.${id}.${room}`;
}
