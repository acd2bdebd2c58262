/**
 * What the page shows over and beside the store's state: dialogs, drafts, what is being replied to or edited. Made once by
 * app.js; views reach it, the store and the API through `useHouse()`.
 *
 * @typedef {import('./types.js').Message} Message
 * @typedef {{type: string, anchor?: DOMRect, [key: string]: any}} Overlay   `anchor`: where a popover belongs; none: a dialog
 * @typedef {{seq: number, by?: import('./types.js').User, text?: string}} Replying   the text as it reads now: '' once removed, undefined once
 *   nothing here can tell
 * @typedef {{words: string, go: () => void}} Way   where a toast leads
 * @typedef {{store: import('./store.js').Store, api: import('./api.js').Api, ui: Ui}} House
 * @typedef {ReturnType<typeof createUi>} Ui
 */
import { Acts } from './acts.js';
import { editsOf, forgetDrafts, keepDraft, personOf } from './drafts.js';
import { refusalWords, t } from './i18n.js';
import { recall, remember } from './preferences.js';
import { Changes } from './reads_now.js';
import { tabKept } from './storage.js';
import { createContext } from './vendor/preact.js';
import { useContext, useRef } from './vendor/hooks.js';
import { signal } from './vendor/signals-core.js';

const TOAST_MS = 5000;
/** Whoever is writing finishes their sentence first. */
const WAY_MS = 20000;

export const HouseContext = createContext(/** @type {any} */ (null));

/** @returns {House} */
export function useHouse() {
  return useContext(HouseContext);
}

/**
 * The last `value` that was there: a card whose room went stays open, with what was being written in it.
 *
 * @template T
 * @param {T|undefined} value
 * @returns {T|undefined}
 */
export function useLast(value) {
  const last = useRef(value);
  if (value !== undefined) last.current = value;
  return last.current;
}

/** The room that the address names, 0 for none: a reload, a link and the browser's Back find it there. */
export function roomOfAddress() {
  return Number(new URLSearchParams(location.hash.slice(1)).get('room')) || 0;
}

/** @param {number|null} room */
function addressOf(room) {
  return location.pathname + location.search + (room === null ? '' : `#room=${room}`);
}

/**
 * @param {number} room
 * @param {boolean} [first]   the page's first room is no step that Back undoes
 */
function goToAddress(room, first = false) {
  if (first) history.replaceState({ ...history.state, room }, '', addressOf(room));
  else if (history.state?.room !== room) history.pushState({ room, isStep: true }, '', addressOf(room));
}

/**
 * @param {import('./store.js').Store} store
 * @param {{invite?: string, owner?: string}} keys   from the address
 */
export function createUi(store, keys) {
  const phone = matchMedia('(max-width: 47.99rem)');
  const narrow = signal(phone.matches);
  phone.addEventListener('change', () => (narrow.value = phone.matches));

  const overlay = signal(/** @type {Overlay|null} */ (null));
  const toast = signal(/** @type {{words: string, way?: Way}|null} */ (null));
  const replying = signal(/** @type {Record<number, Replying|undefined>} */ ({}));
  const editing = signal(/** @type {{room: number, seq: number, isDrawn?: boolean}|null} */ (null));
  const jump = signal(/** @type {{room: number, seq: number, byPointer: boolean, isStill: () => boolean}|null} */ (null));
  const acts = new Acts(window);
  const peopleOpen = signal(recall('people', true));
  const hovered = signal(/** @type {{seq: number, row: HTMLElement}|null} */ (null));
  const insertion = signal(/** @type {{text: string}|null} */ (null));
  /** @type {ReturnType<typeof setTimeout>|undefined} */
  let toastTimer;

  const ui = {
    keys,
    /** Whether this is a phone's layout: rooms and room are two screens. */
    narrow,
    overlay,
    toast,
    /** The message that the composer answers, by room. */
    replying,
    /** The message that is being rewritten; drafts.js has the words. */
    editing,
    /** The message that the list should show. */
    jump,
    peopleOpen,
    /** The message under the pointer. */
    hovered,
    /** Text that the composer should take in where its caret is. */
    insertion,

    /** @param {Overlay} what */
    open: (what) => (overlay.value = what),
    close: () => (overlay.value = null),

    /**
     * @param {string} words
     * @param {Way} [way]
     */
    say(words, way) {
      toast.value = { words, way };
      clearTimeout(toastTimer);
      toastTimer = setTimeout(ui.unsay, way ? WAY_MS : TOAST_MS);
    },
    unsay: () => (toast.value = null),

    /**
     * Wait for an action; a refusal is said in words.
     *
     * @template T
     * @param {Promise<T>} action
     * @returns {Promise<T|undefined>}
     */
    async attempt(action) {
      try {
        return await action;
      } catch (refusal) {
        ui.say(refusalWords(/** @type {any} */ (refusal)));
        return undefined;
      }
    },

    /**
     * Wait for an action and then go where it leads: to another room, layer or field. Who did something meanwhile stays where
     * they are. Nothing else that waited may open, close or focus anything (tests/contract/test_late_answers.py).
     *
     * @template T
     * @param {Promise<T>} action
     * @param {(result: T) => void} go
     * @param {(result: T) => void} [stay]   what is done instead
     * @returns {Promise<T|undefined>}
     */
    async follow(action, go, stay = () => {}) {
      const isStill = acts.mark();
      const result = await ui.attempt(action);
      if (result !== undefined) (isStill() ? go : stay)(result);
      return result;
    },

    /**
     * Show a room; the browser's back button comes back from it. The page's first room takes no such step.
     *
     * @param {number} id
     * @param {{first?: boolean}} [how]
     */
    openRoom(id, { first = false } = {}) {
      ui.close();
      ui.resumeEdit(id);
      remember('room', id);
      goToAddress(id, first);
      return ui.attempt(store.openRoom(id));
    },

    /**
     * Go on with the edit that was begun in a room, the latest if there are several. It takes the caret from nobody.
     *
     * @param {number} room
     */
    resumeEdit(room) {
      const seq = Object.keys(editsOf(personOf(store.state.peek()), room)).map(Number).pop();
      if (editing.peek()?.room !== room || !seq) editing.value = seq ? { room, seq, isDrawn: true } : null;
    },

    /**
     * @param {number} room
     * @param {Replying|undefined} answered   undefined: it answers nothing any more
     */
    reply(room, answered) {
      replying.value = { ...replying.value, [room]: answered };
      keepDraft(personOf(store.state.peek()), room, { replyTo: answered?.seq });
    },

    /** Nobody who uses this browser next finds what was begun here. */
    async signOut() {
      const person = personOf(store.state.peek());
      await store.signOut();
      forgetDrafts(person);
    },

    /**
     * Show one message of any of one's rooms.
     *
     * @param {number} room
     * @param {number} seq
     */
    goTo(room, seq) {
      ui.close();
      ui.resumeEdit(room);
      remember('room', room);
      goToAddress(room);
      ui.jumpTo(room, seq);
      return ui.attempt(store.jumpTo(room, seq));
    },

    /**
     * Bring a message of the open room into view, once it is there.
     *
     * @param {number} room
     * @param {number} seq
     */
    jumpTo: (room, seq) => (jump.value = { room, seq, byPointer: acts.byPointer, isStill: acts.mark() }),

    /**
     * Leave a room; it closes at once, so that its end finds nobody writing there.
     *
     * @param {number} id
     */
    leaveRoom(id) {
      if (narrow.value) ui.closeRoom();
      else ui.openRoom(store.state.value.lobby);
      return ui.attempt(store.leave(id));
    },

    /** Back to the list of rooms, on a phone. */
    closeRoom() {
      if (history.state?.isStep) return history.back();
      history.replaceState(null, '', addressOf(null));
      store.closeRoom();
    },

    /** The keys were used; another sign-in in this tab shall not offer them again. */
    forgetKeys() {
      delete keys.invite;
      delete keys.owner;
      tabKept.set('teahouse.invite', null);
      tabKept.set('teahouse.owner', null);
    },

    togglePeople() {
      peopleOpen.value = !peopleOpen.value;
      remember('people', peopleOpen.value);
    },
  };

  store.listen((events) => {
    const changes = new Changes(store.state.peek().you, events);
    for (const [room, answered] of Object.entries(replying.value)) {
      const text = answered && changes.textOf(Number(room), answered.seq, answered.text);
      if (answered && text !== answered.text) replying.value = { ...replying.value, [room]: { ...answered, text } };
    }
  });
  let wasIn = false;
  store.state.subscribe(({ phase }) => {
    if (wasIn && phase === 'signed_out') {
      ui.close();
      if (toast.value?.way) ui.unsay();
      replying.value = {};
    }
    if (!wasIn && phase === 'in') editing.value = null;
    wasIn = phase === 'in';
  });
  addEventListener('popstate', () => {
    const room = history.state?.room;
    const current = store.current.peek();
    if (overlay.value && current !== null) {
      // Back closes what lies on top, and stays.
      ui.close();
      if (room !== current) goToAddress(current);
      return;
    }
    ui.close();
    if (room) ui.resumeEdit(room);
    if (room && store.state.value.rooms[room]) return void ui.attempt(store.openRoom(room));
    store.closeRoom();
    if (room) ui.say(t('gone.unknown'));
  });
  return ui;
}
