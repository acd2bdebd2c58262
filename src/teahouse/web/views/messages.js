/**
 * The list of a room's messages: draws rows.js's rows in pieces, keeps its reader's place, loads what is missing at either
 * end, tells how far they have read. What is done on a row is row_events.js's.
 *
 * @typedef {import('../types.js').RoomState} RoomState
 */
import { html } from '../html.js';
import { language, t } from '../i18n.js';
import { hasKeyboard } from '../fields.js';
import { Place } from '../place.js';
import { inChunks, rowsOf } from '../rows.js';
import { indexNames } from '../text.js';
import { useHouse } from '../ui.js';
import { useEffect, useLayoutEffect, useMemo, useRef, useState } from '../vendor/hooks.js';
import { roomName } from './room_name.js';
import { GrowingReplies } from './growing.js';
import { HoverBar } from './hover_bar.js';
import { Beginning, Chunk, EndButton } from './message_rows.js';
import { focusComposer } from './message_actions.js';
import { rove, useRowEvents } from './row_events.js';
import { Pending } from './pending.js';
import { useSilence } from './silence.js';

const LOAD_AHEAD_PX = 900;
const UNREAD_LINE_SHARE = 0.2;
const FLASH_MS = 1600;
const NO_NOTICES = /** @type {import('../types.js').Entry[]} */ ([]);

/** @param {{room: RoomState}} props   one component per room: give it the room's id as key */
export function Messages({ room }) {
  const house = useHouse();
  const { store, ui } = house;
  const { id } = room.room;
  const you = /** @type {import('../types.js').User} */ (store.state.value.you);
  const editing = ui.editing.value && ui.editing.value.room === id ? ui.editing.value.seq : 0;
  const pending = store.pending.value.filter((item) => item.room === id);
  const scroller = useRef(/** @type {HTMLElement|null} */ (null));
  const log = useRef(/** @type {HTMLElement|null} */ (null));
  const place = useRef(/** @type {Place|null} */ (null));
  const [unreadAfter, setUnreadAfter] = useState(room.unread > 0 ? room.read : 0);
  const [seen, setSeen] = useState(room.read);
  const [following, setFollowing] = useState(true);
  const names = useNames(room);

  // Two people in private know that they are there.
  const notices = room.room.kind === 'direct' ? NO_NOTICES : room.notices;
  const rows = useMemo(
    () => rowsOf({ messages: room.messages, notices }, { you: you.id, unreadAfter, editing }),
    [room.messages, notices, unreadAfter, editing, you.id],
  );
  const chunks = useRef(/** @type {import('../rows.js').Chunk[]} */ ([]));
  chunks.current = inChunks(rows, chunks.current);

  const look = () => {
    const here = /** @type {Place} */ (place.current);
    setFollowing(here.following && !room.moreAfter);
    const last = here.lastSeen();
    if (last > seen) setSeen(last);
    if (document.visibilityState === 'visible' && last > 0) store.markRead(id, here.following && !room.moreAfter ? room.head : last);
    loadMore(house, room, here.scroller);
  };
  const latest = useRef(look);
  latest.current = look;

  useSilence(log, room);
  useFirstPlace(scroller, place, room);
  useLayoutEffect(() => {
    if (!place.current) return;
    place.current.keep(!room.moreAfter);
    rove(place.current.scroller);
    latest.current();
  }, [rows, pending.length, room.loaded]);
  useSizeKeeping(scroller, place, room);
  useJump(house, room, place, rows);
  useEffect(() => {
    const onVisibility = () => {
      if (document.visibilityState === 'visible') latest.current();
      else if (place.current?.following) setUnreadAfter(lastSeq(room));
    };
    document.addEventListener('visibilitychange', onVisibility);
    return () => document.removeEventListener('visibilitychange', onVisibility);
  }, [room]);
  useEffect(() => {
    if (pending.length > 0) {
      setUnreadAfter(0);
      void toLatest(house, room, place);
    }
  }, [pending.length]);
  const { status } = store.link.value;
  useEffect(() => {
    if (place.current) latest.current();
  }, [status]);

  const onScroll = () => {
    place.current?.note();
    latest.current();
  };
  const news = following ? 0 : room.moreAfter ? room.unread : countNews(room, seen, you.id);
  const name = roomName(room.room, store.state.value.lobby);

  return html`<div class="messages" onMouseLeave=${() => (ui.hovered.value = null)}>
    <div class="messages-scroll" ref=${scroller} onScroll=${onScroll} ...${useRowEvents(house, room)}>
      <div class="messages-list" key=${language.value}>
        <div class="messages-log" ref=${log} role="log" aria-live="polite" aria-relevant="additions" aria-label=${t('room.messages', { name })}>
          ${room.loaded && !room.moreBefore && html`<${Beginning} room=${room} name=${name} />`}
          ${room.moreBefore && html`<p class="messages-more" role="presentation">${t('room.loading')}</p>`}
          ${chunks.current.map((chunk) => html`<${Chunk} key=${chunk.key} rows=${chunk.rows} you=${you} names=${names} />`)}
        </div>
        ${!room.moreAfter && pending.map((item, index) => html`<${Pending} key=${item.client_id} item=${item} first=${index === 0} />`)}
        ${room.loaded && !room.moreAfter && html`<${GrowingReplies} room=${room} names=${names} />`}
      </div>
      <${HoverBar} room=${room} />
    </div>
    ${!following && html`<${EndButton} news=${news} onClick=${() => toLatest(house, room, place)} />`}
  </div>`;
}

/**
 * The names that texts may mention, as one object for as long as nobody comes or goes: rows compare it by identity.
 *
 * @param {RoomState} room
 */
function useNames(room) {
  const known = new Map(Object.values(room.here).concat(room.messages.map(({ by }) => by)).map((user) => [user.id, user]));
  // The robot hears parts of its name, too.
  const names = [...known.values()].flatMap(({ name, role }) => (role === 'bot' ? [name, ...name.split(' ')] : [name]));
  const key = names.sort().join('\n');
  return useMemo(() => indexNames(key.split('\n')), [key]);
}

/**
 * Where a room opens: at its unread line when there is one, else at its end.
 *
 * @param {{current: HTMLElement|null}} scroller
 * @param {{current: Place|null}} place
 * @param {RoomState} room
 */
function useFirstPlace(scroller, place, room) {
  useLayoutEffect(() => {
    if (!room.loaded || place.current) return;
    place.current = new Place(/** @type {HTMLElement} */ (scroller.current));
    place.current.toEnd();
    const line = place.current.scroller.querySelector('.unread-line');
    if (line) place.current.show(line, UNREAD_LINE_SHARE);
  }, [room.loaded]);
}

/**
 * The view grows and shrinks with the composer and the keyboard, the rows with their pictures and fonts.
 *
 * @param {{current: HTMLElement|null}} scroller
 * @param {{current: Place|null}} place
 * @param {RoomState} room
 */
function useSizeKeeping(scroller, place, room) {
  useEffect(() => {
    const element = /** @type {HTMLElement} */ (scroller.current);
    const observer = new ResizeObserver(() => place.current?.keep(!room.moreAfter));
    observer.observe(element);
    observer.observe(/** @type {Element} */ (element.firstElementChild));
    return () => observer.disconnect();
  }, [room.moreAfter, language.value]);
}

/**
 * Show the message that someone asked for: load it when it is far, then bring it to the middle and let it glow.
 *
 * @param {import('../ui.js').House} house
 * @param {RoomState} room
 * @param {{current: Place|null}} place
 * @param {unknown} rows
 */
function useJump({ store, ui }, room, place, rows) {
  const { value: jump } = ui.jump;
  const asked = useRef(/** @type {unknown} */ (null));
  useLayoutEffect(() => {
    if (!jump || jump.room !== room.room.id || !place.current) return;
    const row = place.current.scroller.querySelector(`[data-seq="${jump.seq}"]`);
    if (!row && asked.current === jump) return;
    asked.current = jump;
    if (!row) {
      ui.attempt(store.jumpTo(jump.room, jump.seq));
      return;
    }
    place.current.show(row, 0.35);
    row.classList.add('is-found');
    setTimeout(() => row.classList.remove('is-found'), FLASH_MS);
    // Letters act on a row that has the focus: it is for keys that led there.
    if (jump.isStill() && !jump.byPointer) /** @type {HTMLElement} */ (row).focus({ preventScroll: true });
    else if (jump.isStill() && hasKeyboard()) focusComposer();
    ui.jump.value = null;
  }, [jump, rows]);
}

/**
 * @param {import('../ui.js').House} house
 * @param {RoomState} room
 * @param {HTMLElement} scroller
 */
function loadMore({ store }, room, scroller) {
  const { id } = room.room;
  const below = scroller.scrollHeight - scroller.scrollTop - scroller.clientHeight;
  if (room.moreBefore && scroller.scrollTop < LOAD_AHEAD_PX) store.loadOlder(id).catch(later);
  if (room.moreAfter && below < LOAD_AHEAD_PX) store.loadNewer(id).catch(later);
}

/** A page that did not come is asked for again at the next scroll; the banner tells of the connection. */
function later() {}

/**
 * @param {import('../ui.js').House} house
 * @param {RoomState} room
 * @param {{current: Place|null}} place
 */
async function toLatest({ store, ui }, room, place) {
  if (room.moreAfter) await ui.attempt(store.jumpToLatest(room.room.id));
  place.current?.toEnd();
}

/**
 * @param {RoomState} room
 * @param {number} seen
 * @param {number} you
 */
function countNews({ messages }, seen, you) {
  let news = 0;
  for (let index = messages.length - 1; index >= 0 && messages[index].seq > seen; index--) if (messages[index].by.id !== you) news += 1;
  return news;
}

/** @param {RoomState} room */
function lastSeq({ messages }) {
  return messages.length > 0 ? messages[messages.length - 1].seq : 0;
}
