/** One's programs: the tokens that they come in with, a new one, and the end of each. */
import { focusOnce, into } from '../fields.js';
import { html } from '../html.js';
import { dateAndTime, t } from '../i18n.js';
import { useHouse } from '../ui.js';
import { useEffect, useLayoutEffect, useRef, useState } from '../vendor/hooks.js';
import { Icon } from './icon.js';
import { Overlay } from './overlay.js';
import { roomName } from './room_name.js';
import { ShownOnce } from './shown_once.js';

/** @typedef {import('../types.js').Token} Token */

const DAYS = [7, 30, 90, 365];
const MAX_NAME_CHARS = 32;

/** @param {{onClose: () => void}} props */
export function Programs({ onClose }) {
  const { api, ui } = useHouse();
  const [tokens, setTokens] = useState(/** @type {Token[]|null} */ (null));
  const [step, setStep] = useState(/** @type {'list'|'new'} */ ('list'));
  const [secret, setSecret] = useState('');
  const another = useRef(/** @type {HTMLButtonElement|null} */ (null));
  useEffect(() => {
    ui.attempt(api.tokens()).then((found) => found && setTokens(found));
  }, [secret]);
  useLayoutEffect(() => {
    if (document.activeElement === document.body) another.current?.focus(); // the button that was pressed has gone
  }, [secret]);

  const made = (/** @type {string} */ shownOnce) => {
    setSecret(shownOnce);
    setStep('list');
  };
  return html`<${Overlay} label=${t('programs.title')} title=${t('programs.title')} onClose=${onClose} className="programs">
    ${step === 'new' ? html`<${NewToken} onMade=${made} />` : html`
      ${secret ? html`<${ShownOnce} words=${t('programs.secret')} secret=${secret}
        copy=${t('programs.copy')} onDone=${() => setSecret('')} />` : html`<p class="hint">${t('programs.lead')}</p>`}
      <ul class="tokens">${(tokens || []).map((token) => html`<${Item} key=${token.id} token=${token} />`)}</ul>
      ${tokens && tokens.length === 0 && html`<p class="hint">${t('programs.none')}</p>`}
      ${!secret && html`<div class="panel-buttons"><button class="button" type="button" ref=${another} data-autofocus
        onClick=${() => setStep('new')}><${Icon} name="plus" />${t('programs.new')}</button></div>`}`}
  <//>`;
}

/** @param {{token: Token}} props */
function Item({ token }) {
  const { api, ui } = useHouse();
  const { id, name, scope, rooms, used_at, expires_at } = token;
  const revoke = () => ui.open({
    type: 'confirm',
    words: t('programs.revokeSure', { name }),
    yes: t('programs.revokeShort'),
    danger: true,
    act: () => ui.follow(api.revokeToken(id), () => ui.open({ type: 'programs' })),
  });
  const about = [
    t(`programs.${scope}`),
    rooms ? t('programs.rooms', { n: rooms.length }) : t('programs.everywhere'),
    used_at ? t('programs.used', { when: dateAndTime(used_at) }) : t('programs.unused'),
    t('programs.until', { when: dateAndTime(expires_at) }),
  ];
  return html`<li class="choice">
    <span class="choice-icon"><${Icon} name="key-round" /></span>
    <span class="token-words"><strong><bdi>${name}</bdi></strong><small>${about.join(' · ')}</small></span>
    <button class="button is-small is-quiet" type="button" onClick=${revoke}
      aria-label=${t('programs.revoke', { name })}>${t('programs.revokeShort')}</button>
  </li>`;
}

/** @param {{onMade: (secret: string) => void}} props */
function NewToken({ onMade }) {
  const { api, store, ui } = useHouse();
  const [name, setName] = useState('');
  const [scope, setScope] = useState(/** @type {'read'|'write'} */ ('read'));
  const [days, setDays] = useState(90);
  const [rooms, setRooms] = useState(/** @type {number[]|null} */ (null));
  const [busy, setBusy] = useState(false);

  const make = async (/** @type {Event} */ event) => {
    event.preventDefault();
    setBusy(true);
    const made = await ui.attempt(api.makeToken({ name: name.trim(), scope, days, ...(rooms ? { rooms } : {}) }));
    setBusy(false);
    if (made) onMade(made.secret);
  };
  const current = store.current.value;
  return html`<form class="fields" onSubmit=${make}>
    <label class="field"><span>${t('programs.name')}</span><input class="input" dir="auto" required maxlength=${MAX_NAME_CHARS}
      value=${name} onInput=${into(setName)} ref=${focusOnce} /></label>
    <div class="kinds" role="radiogroup" aria-label=${t('programs.scope')}>
      ${(/** @type {const} */ (['read', 'write'])).map((kind) => html`<label key=${kind} class=${kind === scope
        ? 'kind is-chosen' : 'kind'}>
        <input type="radio" name="scope" value=${kind} checked=${kind === scope} onChange=${() => setScope(kind)} />
        <span><strong>${t(`programs.${kind}`)}</strong><small>${t(`programs.${kind}Hint`)}</small></span>
      </label>`)}
    </div>
    <div class="segments" role="group" aria-label=${t('programs.where')}>
      <button type="button" aria-pressed=${!rooms} onClick=${() => setRooms(null)}>${t('programs.everywhere')}</button>
      <button type="button" aria-pressed=${Boolean(rooms)} onClick=${() => setRooms(current ? [current] : [])}>${t('programs.some')}</button>
    </div>
    ${rooms && html`<${RoomChoice} chosen=${rooms} onChoose=${setRooms} />`}
    <div class="segments" role="group" aria-label=${t('programs.days')}>
      ${DAYS.map((n) => html`<button key=${n} type="button" aria-pressed=${n === days}
        onClick=${() => setDays(n)}>${t('programs.dayCount', { n })}</button>`)}
    </div>
    <div class="panel-buttons"><button class="button" type="submit"
      disabled=${busy || name.trim() === '' || rooms?.length === 0}>${t('programs.make')}</button></div>
  </form>`;
}

/** @param {{chosen: number[], onChoose: (rooms: number[]) => void}} props */
function RoomChoice({ chosen, onChoose }) {
  const { store } = useHouse();
  const { rooms, lobby } = store.state.value;
  const toggle = (/** @type {number} */ id) => onChoose(chosen.includes(id) ? chosen.filter((one) => one !== id) : [...chosen, id]);
  return html`<ul class="token-rooms" role="group" aria-label=${t('programs.some')}>
    ${Object.values(rooms).map(({ room }) => html`<li key=${room.id} role="presentation"><label><input type="checkbox"
      checked=${chosen.includes(room.id)} onChange=${() => toggle(room.id)} /><bdi>${roomName(room, lobby)}</bdi></label></li>`)}
  </ul>`;
}
