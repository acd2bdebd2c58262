/** Who came, who went, what the room was named: one quiet line; several comings and goings fold into one. */
import { html } from '../html.js';
import { t, timeOfDay } from '../i18n.js';
import { useState } from '../vendor/hooks.js';
import { Icon } from './icon.js';

/** @typedef {import('../types.js').Entry} Entry */

const UNFOLDED = 2;

/** @param {{entries: Entry[]}} props */
export function Notice({ entries }) {
  const [open, setOpen] = useState(false);
  if (entries.length === 1) return html`<div class="notice"><bdi>${words(entries[0])}</bdi></div>`;
  return html`<div class="notice">
    <button type="button" class="notice-fold" aria-expanded=${open} onClick=${() => setOpen(!open)}><bdi>${summary(entries)}</bdi><${Icon}
      name="chevron-down" /></button>
    ${open && html`<ul>
      ${entries.map((entry) => html`<li key=${entry.seq}><bdi>${words(entry)}</bdi> <time>${timeOfDay(entry.at)}</time></li>`)}
    </ul>`}
  </div>`;
}

/**
 * One notice in words; what is none of the others is `renamed`.
 *
 * @param {Entry} entry
 */
function words({ by, fact }) {
  const isOwn = fact.user && fact.user.id === by.id;
  const who = { by: by.name, names: fact.user ? fact.user.name : '' };
  switch (fact.type) {
    case 'created':
      return t('notice.created', who);
    case 'joined':
      return t(isOwn ? 'notice.joined' : 'notice.added', who);
    case 'left':
      return t(isOwn ? 'notice.left' : 'notice.removed', who);
    case 'robot_set':
      return t(`notice.robot_${/** @type {import('../types.js').RobotMode} */ (fact.mode)}`, who);
    default: {
      const named = t('notice.renamed', { by: by.name, name: fact.name });
      return fact.topic ? `${named}${t('notice.comma')}${t('notice.topic', { topic: fact.topic })}` : named;
    }
  }
}

/**
 * Several comings and goings: each person once, by name while they are few.
 *
 * @param {Entry[]} entries
 */
function summary(entries) {
  const came = people(entries, 'joined');
  const went = people(entries, 'left');
  const parts = [
    came.length > 0 && (came.length > UNFOLDED ? t('notice.joinedMany', { n: came.length }) : t('notice.joined', { names: listed(came) })),
    went.length > 0 && (went.length > UNFOLDED ? t('notice.leftMany', { n: went.length }) : t('notice.left', { names: listed(went) })),
  ].filter((part) => part !== false);
  return parts.length > 1 ? t('notice.both', { some: parts[0], others: parts[1] }) : parts[0];
}

/**
 * @param {Entry[]} entries
 * @param {'joined'|'left'} type
 * @returns {string[]}
 */
function people(entries, type) {
  const found = entries.filter(({ fact }) => fact.type === type).map(({ fact }) => [fact.user.id, fact.user.name]);
  return [...new Map(/** @type {[number, string][]} */ (found)).values()];
}

/** @param {string[]} names */
function listed(names) {
  return names.length > 1 ? t('notice.and', { some: names.slice(0, -1).join(t('notice.comma')), last: names[names.length - 1] }) : names[0];
}
