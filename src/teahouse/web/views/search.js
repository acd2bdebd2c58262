/** Searching: one field for messages and for one's rooms by name; a result leads to its message. All by keyboard, too. */
import { fold } from '../folding.js';
import { html } from '../html.js';
import { dateAndTime, t } from '../i18n.js';
import { foundAfter } from '../found.js';
import { Changes } from '../reads_now.js';
import { snippet } from '../snippet.js';
import { useHouse } from '../ui.js';
import { useEffect, useRef, useState } from '../vendor/hooks.js';
import { Face } from './face.js';
import { Icon } from './icon.js';
import { Overlay } from './overlay.js';
import { roomName } from './room_name.js';

/** @typedef {import('../types.js').FoundMessages & {query: string}} Answer */

const PAUSE_MS = 250;
const MAX_ROOMS = 4;
const MAX_CHARS = 256;

/** @param {{room: number, onClose: () => void}} props   `room`: where to search first, 0 is everywhere */
export function Search({ room: first, onClose }) {
  const { store, ui } = useHouse();
  const { rooms, lobby } = store.state.value;
  const here = store.current.value || 0;
  const [room, setRoom] = useState(first);
  const [query, setQuery] = useState('');
  const { answer, further } = useAnswer(query.trim(), room);
  const panel = useRef(/** @type {HTMLElement|null} */ (null));
  const take = (/** @type {InputEvent|CompositionEvent} */ event) => {
    // What an input method still composes are letters of sounds, not the words that are looked for.
    if (event.type === 'compositionend' || !(/** @type {InputEvent} */ (event).isComposing)) {
      setQuery(/** @type {HTMLInputElement} */ (event.target).value);
    }
  };
  const places = room ? [] : matching(rooms, lobby, query.trim());

  return html`<${Overlay} label=${t('search.title')} title=${t('search.title')} onClose=${onClose} className="list-dialog search">
    <div class="search-body" ref=${panel} onKeyDown=${(/** @type {KeyboardEvent} */ event) => rove(event, panel.current)}>
      <input class="input" type="search" dir="auto" maxlength=${MAX_CHARS} placeholder=${t('search.field')} aria-label=${t('search.all')}
        enterkeyhint="search" autocomplete="off" data-autofocus onInput=${take} onCompositionEnd=${take} />
      ${here > 0 && rooms[here] && html`<div class="segments" role="group" aria-label=${t('search.where')}>
        <button type="button" aria-pressed=${room === here} onClick=${() => setRoom(here)}><bdi>${t('search.inRoom', {
          name: roomName(rooms[here].room, lobby),
        })}</bdi></button>
        <button type="button" aria-pressed=${room === 0} onClick=${() => setRoom(0)}>${t('search.inAll')}</button>
      </div>`}
      <p class="search-status hint" role="status">${status(answer)}</p>
      <div class="search-results">
        ${places.length > 0 && html`<ul aria-label=${t('search.rooms')}>${places.map((one) => html`<li key=${one.room.id}>
          <button class="search-room" type="button" data-stop onClick=${() => ui.openRoom(one.room.id)}><${Icon}
            name=${icon(one.room.kind)} /><bdi>${roomName(one.room, lobby)}</bdi></button>
        </li>`)}</ul>`}
        ${answer && html`<ul>${answer.found.map((found) => html`<li key=${`${found.room} ${found.message.seq}`}><${Hit}
          found=${found} shared=${room !== 0} /></li>`)}</ul>`}
        ${answer?.before && html`<button class="button is-quiet search-further" type="button" data-stop onClick=${further}><${Icon}
          name="clock" />${t(answer.found.length > 0 ? 'search.older' : 'search.further')}</button>`}
      </div>
    </div>
  <//>`;
}

/** @param {{found: import('../types.js').Found, shared: boolean}} props   `shared`: all results are of one room */
function Hit({ found: { room, message, marks }, shared }) {
  const { store, ui } = useHouse();
  const { rooms, lobby } = store.state.value;
  const { by, at, seq, text } = message;
  return html`<button class="search-hit" type="button" data-stop onClick=${() => ui.goTo(room, seq)}>
    <${Face} face=${by.face} />
    <span class="search-words">
      <span class="search-head"><strong><bdi>${by.name}</bdi></strong>${!shared && rooms[room] && html`<span
        class="search-place"><${Icon} name=${icon(rooms[room].room.kind)} /><bdi>${roomName(rooms[room].room, lobby)}</bdi></span>`}<time
        dateTime=${new Date(at).toISOString()}>${dateAndTime(at)}</time></span>
      <span class="search-text" dir="auto">${snippet(text || t('message.removed'), marks).map((piece) => (piece.isMark
        ? html`<mark>${piece.text}</mark>`
        : piece.text))}</span>
    </span>
  </button>`;
}

/**
 * Ask when the field has rested for a moment, drop answers to what is no longer asked, and ask again where the stream left out what
 * became of an answer.
 *
 * @param {string} query
 * @param {number} room
 */
function useAnswer(query, room) {
  const { store, ui } = useHouse();
  const [answer, setAnswer] = useState(/** @type {Answer|null} */ (null));
  const [losses, setLosses] = useState(0);
  const shown = useRef(answer);
  const asked = useRef('');
  asked.current = `${losses} ${room} ${query}`;
  const show = (/** @type {Answer|null} */ next) => setAnswer((shown.current = next));
  const change = (/** @type {Answer|null} */ before, /** @type {Changes} */ changes) => {
    if (!before) return;
    const { answer: now, isWhole } = foundAfter(before, changes);
    show(isWhole || now.found.length > 0 ? now : null);
    if (!isWhole) setLosses((n) => n + 1);
  };
  const ask = async (/** @type {number} */ before, /** @type {import('../types.js').Found[]} */ known) => {
    const mine = asked.current;
    const where = { ...(room ? { room } : {}), ...(before ? { before } : {}) };
    const meanwhile = new Changes(store.state.peek().you);
    const stop = store.listen((events) => meanwhile.add(events));
    const found = await ui.attempt(store.search({ query, ...where }));
    stop();
    if (found && asked.current === mine) change({ ...found, found: [...known, ...found.found], query }, meanwhile);
  };
  useEffect(() => store.listen((events) => change(shown.current, new Changes(store.state.peek().you, events))), []);
  useEffect(() => {
    if (!/[\p{L}\p{N}\p{S}]/u.test(query)) {
      show(null);
      return undefined;
    }
    const timer = setTimeout(() => void ask(0, []), PAUSE_MS);
    return () => clearTimeout(timer);
  }, [query, room, losses]);
  return { answer, further: () => shown.current && void ask(shown.current.before || 0, shown.current.found) };
}

/** @param {Answer|null} answer */
function status(answer) {
  if (!answer) return t('search.hint');
  const n = answer.found.length;
  if (n === 0) return t(answer.more ? 'search.noneYet' : 'search.foundNone');
  return t(answer.more ? 'search.foundMany' : 'search.found', { n });
}

/**
 * @param {Record<number, import('../types.js').RoomState>} rooms
 * @param {number} lobby
 * @param {string} query
 */
function matching(rooms, lobby, query) {
  if (query === '') return [];
  const wanted = fold(query);
  return Object.values(rooms).filter(({ room }) => fold(roomName(room, lobby)).includes(wanted)).slice(0, MAX_ROOMS);
}

/** @param {string} kind */
function icon(kind) {
  return kind === 'direct' ? 'message-circle' : kind === 'private' ? 'lock' : 'hash';
}

/**
 * ↓ and ↑ walk from the field through the results and back.
 *
 * @param {KeyboardEvent} event
 * @param {HTMLElement|null} panel
 */
function rove(event, panel) {
  if (!panel || (event.key !== 'ArrowDown' && event.key !== 'ArrowUp')) return;
  const stops = /** @type {HTMLElement[]} */ ([...panel.querySelectorAll('input, [data-stop]')]);
  const at = stops.indexOf(/** @type {HTMLElement} */ (document.activeElement));
  if (at < 0) return;
  event.preventDefault();
  stops[Math.max(0, Math.min(stops.length - 1, at + (event.key === 'ArrowDown' ? 1 : -1)))].focus();
}
