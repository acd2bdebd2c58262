/** In someone's card, for those who keep the peace: ban, end sessions, remove what was said, make an admin. */
import { html } from '../html.js';
import { dateAndTime, t } from '../i18n.js';
import { mayKeep } from '../keepers.js';
import { useHouse } from '../ui.js';
import { useEffect, useState } from '../vendor/hooks.js';
import { Icon } from './icon.js';

/** @param {{user: import('../types.js').User}} props */
export function KeepPerson({ user: { id, name, ...known } }) {
  const { store, ui } = useHouse();
  const { you } = store.state.value;
  const [person, setPerson] = useState(/** @type {import('../types.js').Person|null} */ (null));
  const user = person ? person.user : { id, name, ...known };
  const may = mayKeep(you, user);
  useEffect(() => {
    if (may) store.person(id).then(setPerson, () => {});
  }, []);
  if (!may) return null;

  const sure = (/** @type {string} */ words, /** @type {string} */ yes, /** @type {() => any} */ act, danger = true) =>
    ui.open({ type: 'confirm', words, yes, danger, act });
  const endSessions = () => sure(t('keep.endSessionsSure', { name }), t('keep.endSessions'), async () => {
    const done = await ui.attempt(store.endSessions(id));
    if (done) ui.say(t('keep.endedSessions', { n: done.ended, name }));
  });
  const isAdmin = user.role === 'admin';
  const setRole = () => sure(
    t(isAdmin ? 'keep.takeAdminSure' : 'keep.makeAdminSure', { name }),
    t(isAdmin ? 'keep.takeAdmin' : 'keep.makeAdmin'),
    async () => {
      if (await ui.attempt(store.setRole(id, isAdmin ? 'guest' : 'admin'))) ui.say(t('keep.roleSet'));
    },
    isAdmin,
  );
  const ban = person?.ban;
  const unban = () => ban && sure(t('keep.unbanSure', { name }), t('keep.unban'), async () => {
    if (await ui.attempt(store.unban(ban.id))) ui.say(t('keep.unbanned', { name }));
  }, false);
  const { address, seen_at } = person || {};

  return html`<div class="keep" role="group" aria-label=${t('keep.person')}>
    ${ban
      ? html`<button class="menu-item" type="button" onClick=${unban}><${Icon} name="shield" />${t('keep.unban')}</button>`
      : html`<button class="menu-item is-danger" type="button" onClick=${() => ui.open({ type: 'ban', user, address })}><${Icon}
        name="ban" />${t('keep.ban')}</button>`}
    <button class="menu-item is-danger" type="button" onClick=${endSessions}><${Icon} name="log-out" />${t('keep.endSessions')}</button>
    <button class="menu-item is-danger" type="button" onClick=${() => ui.open({ type: 'clear', user })}><${Icon}
      name="trash-2" />${t('keep.removeMessages')}</button>
    ${you?.role === 'owner' && html`<button class="menu-item" type="button" onClick=${setRole}><${Icon}
      name="shield" />${t(isAdmin ? 'keep.takeAdmin' : 'keep.makeAdmin')}</button>`}
    ${address && seen_at && html`<p class="hint">${t('keep.seen', { when: dateAndTime(seen_at), address })}</p>`}
  </div>`;
}
