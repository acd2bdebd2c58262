/** What owners and admins did, to whom and why, the newest first. */
import { html } from '../html.js';
import { dateAndTime, t } from '../i18n.js';
import { useHouse } from '../ui.js';
import { useEffect, useState } from '../vendor/hooks.js';

/** @typedef {import('../types.js').Entry} Entry */

export function HouseLog() {
  const { store, ui } = useHouse();
  const [entries, setEntries] = useState(/** @type {Entry[]|null} */ (null));
  const [more, setMore] = useState(false);
  const load = async (/** @type {Entry[]} */ newer) => {
    const page = await ui.attempt(store.houseLog(newer.length > 0 ? newer[newer.length - 1].seq : undefined));
    if (!page) return;
    setEntries([...newer, ...page.entries]);
    setMore(Boolean(page.more));
  };
  useEffect(() => void load([]), []);
  return html`<ul class="choices log" tabindex="0" aria-label=${t('keeping.log')}>
    ${(entries || []).map((entry) => html`<li key=${entry.seq} class="log-entry">
      <span><bdi>${words(entry)}</bdi></span>
      ${(entry.fact.reason || entry.fact.note) && html`<span dir="auto">${entry.fact.reason || entry.fact.note}</span>`}
      <small>${dateAndTime(entry.at)}${entry.fact.until ? ` · ${t('keeping.until', { when: dateAndTime(entry.fact.until) })}` : ''}</small>
    </li>`)}
    ${entries && entries.length === 0 && html`<li class="hint">${t('keeping.noLog')}</li>`}
    ${more && html`<li><button class="link" type="button" onClick=${() => load(entries || [])}>${t('keeping.more')}</button></li>`}
  </ul>`;
}

/**
 * @param {Entry} entry
 * @returns {string}
 */
function words({ by, fact }) {
  const who = { by: fact.console ? t('log.console') : by.name, who: fact.user ? fact.user.name : fact.network || '', invite: fact.invite };
  switch (fact.type) {
    case 'role_set':
      return t(fact.role === 'admin' ? 'log.admin' : fact.role === 'owner' ? 'log.owner' : 'log.guest', who);
    case 'newcomers':
      return t(fact.admitted ? 'log.opened' : 'log.closed', who);
    case 'cleared':
      return fact.since > 0 ? t('log.cleared', { ...who, since: dateAndTime(fact.since) }) : t('log.clearedAll', who);
    case 'banned':
    case 'unbanned':
    case 'invited':
    case 'uninvited':
    case 'signed_off':
      return t(/** @type {import('../i18n.js').Key} */ (`log.${fact.type}`), who);
    default:
      return `${who.by}: ${fact.type} ${who.who}`;
  }
}
