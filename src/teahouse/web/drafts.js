/**
 * What was begun in a room and is not sent yet: a message with what it answers, and edits, each by the message that it changes. It
 * survives a reload, other rooms, another tab and a change of language; who signs out leaves none of it.
 */
import { forgetAll, recall, remember } from './preferences.js';

/**
 * @typedef {{id: number, since: number}} Person   by id alone it may be another one in another life of the database
 * @typedef {{text: string, replyTo?: number}} Draft   `replyTo`: the number of the message that it answers
 * @typedef {{text: string, was: string}} Edit   `was`: what the message read when the edit began
 */

/**
 * @param {import('./types.js').State} state
 * @returns {Person}
 */
export function personOf({ you, since }) {
  return { id: you ? you.id : 0, since };
}

/**
 * @param {Person} you
 * @param {number} room
 * @returns {Draft}
 */
export function draftOf(you, room) {
  const kept = recall(keyOf('draft', you, room), /** @type {string|(Draft & {since: number})} */ (''));
  if (typeof kept === 'string') return { text: kept };
  return kept.since === you.since ? { text: kept.text, replyTo: kept.replyTo } : { text: '' };
}

/**
 * @param {Person} you
 * @param {number} room
 * @param {Partial<Draft>} change
 */
export function keepDraft(you, room, change) {
  const { text, replyTo } = { ...draftOf(you, room), ...change };
  remember(keyOf('draft', you, room), text.trim() === '' && !replyTo ? null : { since: you.since, text, replyTo });
}

/**
 * @param {Person} you
 * @param {number} room
 * @returns {Record<number, Edit>}   by the number of the message
 */
export function editsOf(you, room) {
  const kept = recall(keyOf('edit', you, room), /** @type {{since: number, edits: Record<number, Edit>}|null} */ (null));
  return kept?.since === you.since ? kept.edits : {};
}

/**
 * @param {Person} you
 * @param {number} room
 * @param {number} seq
 * @param {Edit|null} edit   null once it is saved or given up
 */
export function keepEdit(you, room, seq, edit) {
  const { [seq]: _, ...others } = editsOf(you, room);
  const edits = edit ? { ...others, [seq]: edit } : others;
  remember(keyOf('edit', you, room), Object.keys(edits).length > 0 ? { since: you.since, edits } : null);
}

/** @param {Person} you */
export function forgetDrafts({ id }) {
  for (const kind of ['draft', 'edit']) forgetAll(`${kind}.${id}.`);
}

/**
 * By person, because the next one at this browser shall not find it.
 *
 * @param {'draft'|'edit'} kind
 * @param {Person} you
 * @param {number} room
 */
function keyOf(kind, { id }, room) {
  return `${kind}.${id}.${room}`;
}
