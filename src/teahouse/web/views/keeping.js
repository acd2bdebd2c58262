/** Keeping the house: closed to newcomers or not, the bans and invites that hold, and the log of what was done by whom. */
import { html } from '../html.js';
import { dateAndTime, t } from '../i18n.js';
import { useHouse } from '../ui.js';
import { useEffect, useState } from '../vendor/hooks.js';
import { HouseLog } from './house_log.js';
import { Icon } from './icon.js';
import { Invites } from './invites.js';
import { Overlay } from './overlay.js';
import { usePagedList } from './paged_list.js';

/** @typedef {import('../types.js').Ban} Ban */
/** @typedef {'bans'|'invites'|'log'} Tab */

/** @param {{tab?: Tab, onClose: () => void}} props */
export function Keeping({ tab: first = 'bans', onClose }) {
  const [tab, setTab] = useState(first);
  return html`<${Overlay} label=${t('keeping.title')} title=${t('keeping.title')} onClose=${onClose} className="list-dialog keeping">
    <${Newcomers} />
    <div class="segments" role="group" aria-label=${t('keeping.title')}>
      ${(/** @type {const} */ (['bans', 'invites', 'log'])).map((one) => html`<button key=${one} type="button" aria-pressed=${one === tab}
        data-autofocus=${one === first || undefined} onClick=${() => setTab(one)}>${t(`keeping.${one}`)}</button>`)}
    </div>
    ${tab === 'bans' && html`<${Bans} />`}
    ${tab === 'invites' && html`<${Invites} />`}
    ${tab === 'log' && html`<${HouseLog} />`}
  <//>`;
}

function Newcomers() {
  const { store, ui } = useHouse();
  const isClosed = Boolean(store.house.value?.closed);
  const look = () => ui.attempt(store.lookAtHouse());
  useEffect(() => void look(), []);
  const toggle = async () => {
    if (await ui.attempt(store.setNewcomers(isClosed))) await look();
  };
  return html`<button class="switch" type="button" role="switch" aria-checked=${isClosed} onClick=${toggle}>
    <span class="switch-words"><strong>${t('keeping.closed')}</strong><small>${t('keeping.closedHint')}</small></span>
    <span class="switch-track" aria-hidden="true"><i></i></span>
  </button>`;
}

function Bans() {
  const { store, ui } = useHouse();
  const { items: bans, setItems: setBans, more, readMore, refuge } = usePagedList(async (before) => {
    const page = await store.bans(before);
    return { items: page.bans, more: page.more };
  });
  const lift = async (/** @type {Ban} */ ban) => {
    if (!(await ui.attempt(store.unban(ban.id)))) return;
    ui.say(t('keep.unbanned', { name: nameOf(ban) }));
    setBans((all) => (all || []).filter(({ id }) => id !== ban.id));
  };
  return html`<ul class="choices">
      ${(bans || []).map((ban) => html`<${BanItem} key=${ban.id} ban=${ban} onLift=${() => lift(ban)} />`)}
      ${bans && bans.length === 0 && html`<li class="hint">${t('keeping.noBans')}</li>`}
      ${more && html`<li><button class="link" type="button" onClick=${readMore}>${t('keeping.more')}</button></li>`}
    </ul>
    <div class="panel-buttons"><button class="button is-quiet" type="button" ref=${refuge}
      onClick=${() => ui.open({ type: 'banNetwork' })}><${Icon} name="plus" />${t('keeping.newBan')}</button></div>`;
}

/** @param {{ban: Ban, onLift: () => void}} props */
function BanItem({ ban, onLift }) {
  const { by, at, until, reason } = ban;
  const name = nameOf(ban);
  const about = [
    until ? t('keeping.until', { when: dateAndTime(until) }) : t('keeping.noEnd'),
    t('keeping.by', { name: by.name, when: dateAndTime(at) }),
  ].join(' · ');
  return html`<li class="choice">
    <span class="choice-icon"><${Icon} name="ban" /></span>
    <span class="token-words"><strong><bdi>${name}</bdi></strong>${reason && html`<span dir="auto">${reason}</span>`}<small><bdi>${about}</bdi></small></span>
    <button class="button is-small is-quiet" type="button" onClick=${onLift} aria-label=${t('keeping.liftOne', { name })}>${t('keeping.lift')}</button>
  </li>`;
}

/** @param {Ban} ban */
function nameOf({ user, network }) {
  return user ? user.name : network || '';
}
