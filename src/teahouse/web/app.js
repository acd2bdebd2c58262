/** Starts the page: takes the keys out of the address, builds the store, draws the house or its door. */
import { leaveToInputMethods } from './fields.js';
import { html } from './html.js';
import { language, t } from './i18n.js';
import { followSystemTheme, recall } from './preferences.js';
import { tabKept } from './storage.js';
import { createStore } from './store.js';
import { loadMarkdown } from './text.js';
import { createUi, HouseContext, roomOfAddress } from './ui.js';
import { render } from './vendor/preact.js';
import { effect } from './vendor/signals.js';
import { Banner } from './views/banner.js';
import { Door } from './views/door.js';
import { House } from './views/house.js';
import { OverlayHost } from './views/overlays.js';
import { Toast } from './views/toast.js';

/**
 * `#invite=…` and `#owner=…` are secrets of a link: they leave the address bar at once and live as long as the tab.
 */
function takeKeys() {
  const fragment = new URLSearchParams(location.hash.slice(1));
  for (const name of ['invite', 'owner']) {
    const key = fragment.get(name);
    if (!key) continue;
    tabKept.set(`teahouse.${name}`, key);
    history.replaceState(null, '', location.pathname + location.search);
  }
  return {
    invite: tabKept.get('teahouse.invite') || undefined,
    owner: tabKept.get('teahouse.owner') || undefined,
  };
}

/** @param {{parts: import('./ui.js').House}} props */
function App({ parts }) {
  const { phase } = parts.store.state.value;
  return html`<${HouseContext.Provider} value=${parts}>
    ${phase === 'loading' && html`<main class="kettle"><p role="status">${t('app.loading')}</p><${Banner} /></main>`}
    ${phase === 'signed_out' && html`<${Door} />`}
    ${phase === 'in' && html`<${House} />`}
    <${OverlayHost} />
    <${Toast} />
  <//>`;
}

/**
 * A reload and a link open the room of the address. Without one, one starts at the list of rooms on a phone, and elsewhere in
 * the room that was open last. Once, when one comes in: a room that goes later does not put another under the hands of who was
 * writing in it.
 *
 * @param {import('./ui.js').House} parts
 */
function openFirstRoom({ store, ui }) {
  const { phase } = store.state.value;
  if (phase === atPhase) return;
  atPhase = phase;
  if (phase === 'in') void loadMarkdown();
  if (phase !== 'in') return;
  const { rooms, lobby } = store.state.peek();
  const asked = roomOfAddress();
  if (ui.narrow.peek() && !rooms[asked]) return;
  const last = recall('room', lobby);
  const id = rooms[asked] ? asked : rooms[last] ? last : lobby;
  if (rooms[id]) queueMicrotask(() => ui.openRoom(id, { first: true }));
}

// The owner's link, followed in a tab that is inside already, changes only the fragment: begin again with the key.
addEventListener('hashchange', () => {
  if (/[#&](invite|owner)=/.test(location.hash)) location.reload();
});
leaveToInputMethods(window);
followSystemTheme();
effect(() => {
  document.documentElement.lang = language.value === 'zh' ? 'zh-CN' : 'en';
});

const store = createStore();
const ui = createUi(store, takeKeys());
const parts = { store, api: store.api, ui };
let atPhase = '';
effect(() => openFirstRoom(parts));
render(html`<${App} parts=${parts} />`, /** @type {HTMLElement} */ (document.getElementById('app')));
store.start();
