/** Over the door, for whom it closed behind: why, and what they had written and not sent. */
import { draftOf, editsOf } from '../drafts.js';
import { html } from '../html.js';
import { dateAndTime, t } from '../i18n.js';
import { useHouse } from '../ui.js';
import { Kept } from './kept.js';
import { roomName } from './room_name.js';

export function Ended() {
  const { store, ui } = useHouse();
  const ended = store.ended.value;
  const banned = ended?.words || store.house.value?.banned || '';
  const ban = (ended?.words ? ended.ban : store.house.value?.ban) || {};
  if (!ended && !banned) return null;
  const words = ended ? unsaid(ended) : [];
  const retry = async () => {
    await store.start();
    if (store.house.value?.banned) ui.say(t('banned.still'));
  };
  return html`<section class="door-ended">
    <div role="alert">${(banned ? banWords(ban) : [t('link.ended')]).map((line) => html`<p key=${line} dir="auto">${line}</p>`)}</div>
    ${words.length > 0 && html`<p class="hint">${t('gone.hint')}</p>`}
    <${Kept} words=${words} />
    ${banned && html`<div class="panel-buttons"><button class="button is-quiet" type="button"
      onClick=${retry}>${t('banned.retry')}</button></div>`}
  </section>`;
}

/**
 * One line each: that, until when, why.
 *
 * @param {import('../types.js').ShutOut} ban
 */
function banWords({ until, reason, network }) {
  return [
    t(network ? 'banned.network' : 'banned.user'),
    until ? t('banned.until', { when: dateAndTime(until) }) : '',
    reason ? t('banned.reason', { reason }) : '',
  ].filter(Boolean);
}

/**
 * Drafts, the text of an edit, and what the outbox kept, each under its room's name.
 *
 * @param {import('../types.js').Ended} ended
 */
function unsaid({ you, since, lobby, rooms, unsent }) {
  const person = { id: you.id, since };
  const once = new Map(rooms.map((room) => [room.id, room]));
  return [...once.values()].flatMap((room) => [
    draftOf(person, room.id).text,
    ...Object.values(editsOf(person, room.id)).map(({ text }) => text),
    ...unsent.filter((item) => item.room === room.id).map(({ text }) => text),
  ].filter((text) => text !== '').map((text) => ({ title: roomName(room, lobby), text })));
}
