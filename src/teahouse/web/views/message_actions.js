/** What can be done with a message, once: the hover bar, the menu, the sheet and the keys all come here. */
import { toClipboard } from '../clipboard.js';
import { t } from '../i18n.js';
import { isKeeper } from '../keepers.js';

/**
 * @typedef {import('../ui.js').House} House
 * @typedef {import('../types.js').Message} Message
 */

/**
 * Whether I may remove it: my own, or any as the room's owner or one of the house's keepers.
 *
 * @param {House} house
 * @param {number} room
 * @param {Message} message
 */
export function mayRemove({ store }, room, message) {
  const { you, rooms } = store.state.value;
  return message.by.id === you?.id || rooms[room]?.role === 'owner' || isKeeper(you);
}

/**
 * @param {House} house
 * @param {number} room
 * @param {Message} message
 */
export function mayEdit({ store }, room, message) {
  return message.by.id === store.state.value.you?.id && !message.removed;
}

/**
 * Whether I may stop a growing reply: I asked for it, or I am the room's owner or one of the house's keepers.
 *
 * @param {House} house
 * @param {import('../types.js').RoomState} room
 * @param {import('../types.js').GrowingReply} reply
 */
export function mayStop({ store }, room, { asker }) {
  const { you } = store.state.value;
  return asker === you?.id || room.role === 'owner' || isKeeper(you);
}

/**
 * One that ended a moment ago has nothing to stop.
 *
 * @param {House} house
 * @param {import('../types.js').RoomState} room
 * @param {import('../types.js').GrowingReply} reply
 */
export function stopReply({ store, ui }, room, { client_id }) {
  return ui.attempt(store.stopReply(room.room.id, client_id).catch((refusal) => {
    if (refusal.code !== 'not_found') throw refusal;
  }));
}

/**
 * @param {House} house
 * @param {number} room
 * @param {Message} message
 */
export function reply({ ui }, room, message) {
  ui.close();
  ui.reply(room, { seq: message.seq, by: message.by, text: message.text });
  focusComposer();
}

/**
 * @param {House} house
 * @param {number} room
 * @param {Message} message
 */
export function edit({ ui }, room, message) {
  ui.close();
  ui.editing.value = { room, seq: message.seq };
}

/**
 * Add my reaction, or take it back when it is there.
 *
 * @param {House} house
 * @param {number} room
 * @param {Message} message
 * @param {string} emoji
 */
export function toggleReaction({ store, ui }, room, message, emoji) {
  const you = store.state.value.you?.id;
  const given = (message.reactions || []).find((reaction) => reaction.emoji === emoji);
  const on = !given || !given.users.some(({ id }) => id === you);
  ui.close();
  return ui.attempt(store.react(room, message.seq, emoji, on));
}

/**
 * @param {House} house
 * @param {string} text
 */
export async function copy({ ui }, text) {
  ui.close();
  if (await toClipboard(text)) ui.say(t('message.copied'));
}

/**
 * @param {House} house
 * @param {number} room
 * @param {number} seq
 */
export function confirmRemoval({ ui, store }, room, seq) {
  ui.open({
    type: 'confirm',
    words: t('message.removeSure'),
    yes: t('message.remove'),
    danger: true,
    act: () => ui.follow(store.remove(room, seq), () => (ui.editing.value = null)),
  });
}

/** The message that is a stop of the Tab key. */
export function focusLastMessage() {
  /** @type {HTMLElement|null} */ (document.querySelector('.messages-log [data-seq][tabindex="0"]'))?.focus({ preventScroll: true });
}

export function focusComposer() {
  /** @type {HTMLElement|null} */ (document.querySelector('.composer textarea'))?.focus();
}
