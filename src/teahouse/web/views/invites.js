/** Invites: those that hold, how many came by each, and the end of each. */
import { html } from '../html.js';
import { dateAndTime, t } from '../i18n.js';
import { useHouse } from '../ui.js';
import { Icon } from './icon.js';
import { usePagedList } from './paged_list.js';

/** @typedef {import('../types.js').Invite} Invite */

export function Invites() {
  const { store, ui } = useHouse();
  const { items: invites, more, readMore, refuge } = usePagedList(async (before) => {
    const page = await store.invites(before);
    return { items: page.invites, more: page.more };
  });
  return html`${store.house.value?.open && html`<p class="hint">${t('invites.openHouse')}</p>`}
    <ul class="choices">
      ${(invites || []).map((invite) => html`<${Item} key=${invite.id} invite=${invite} />`)}
      ${invites && invites.length === 0 && html`<li class="hint">${t('invites.none')}</li>`}
      ${more && html`<li><button class="link" type="button" onClick=${readMore}>${t('keeping.more')}</button></li>`}
    </ul>
    <div class="panel-buttons"><button class="button" type="button" ref=${refuge}
      onClick=${() => ui.open({ type: 'newInvite' })}><${Icon} name="plus" />${t('invites.new')}</button></div>`;
}

/** @param {{invite: Invite}} props */
function Item({ invite }) {
  const { store, ui } = useHouse();
  const { id, by, at, until, used, max_uses: most, note, at_start: atStart } = invite;
  const name = note || t('invites.nameless', { id });
  const maker = by.role === 'bot' ? t('log.console') : by.name;
  const about = [
    most ? t('invites.cameOf', { used, most }) : t('invites.came', { used }),
    t('keeping.until', { when: dateAndTime(until) }),
    atStart ? t('invites.start', { when: dateAndTime(at) }) : t('keeping.by', { name: maker, when: dateAndTime(at) }),
  ];
  const end = () => ui.open({
    type: 'confirm',
    words: t('invites.endSure', { name }),
    yes: t('invites.end'),
    danger: true,
    act: () => ui.follow(store.endInvite(id), () => ui.open({ type: 'keeping', tab: 'invites' })),
  });
  return html`<li class="choice">
    <span class="choice-icon"><${Icon} name="user-plus" /></span>
    <span class="token-words"><strong class="note" title=${name}><bdi>${name}</bdi></strong>${about.map((words) => html`<small
      key=${words}><bdi>${words}</bdi></small>`)}</span>
    <button class="button is-small is-quiet" type="button" onClick=${end} aria-label=${t('invites.endOne', { name })}>${t('invites.end')}</button>
  </li>`;
}
