/**
 * What this browser remembers of its person: language, theme, the last identity, drafts. All of it may be lost, and
 * localStorage may be forbidden; then it lasts as long as the page.
 */
import { browserKept, ifAllowed } from './storage.js';
import { signal } from './vendor/signals-core.js';

const PREFIX = 'teahouse.';

/**
 * @template T
 * @param {string} key
 * @param {T} fallback
 * @returns {T}
 */
export function recall(key, fallback) {
  const kept = browserKept.get(PREFIX + key);
  return kept === null ? fallback : ifAllowed(() => JSON.parse(kept), fallback);
}

/**
 * @param {string} key
 * @param {unknown} value   null forgets it
 */
export function remember(key, value) {
  browserKept.set(PREFIX + key, value === null ? null : JSON.stringify(value));
}

/** @param {string} start   of the keys of all that is forgotten */
export function forgetAll(start) {
  for (const key of browserKept.keys()) if (key.startsWith(PREFIX + start)) browserKept.set(key, null);
}

const system = matchMedia('(prefers-color-scheme: dark)');

/** The theme that was chosen: `light`, `dark`, or `system`. */
export const theme = signal(/** @type {'light'|'dark'|'system'} */ (recall('theme', 'system')));

/** @param {'light'|'dark'|'system'} choice */
export function chooseTheme(choice) {
  theme.value = choice;
  remember('theme', choice === 'system' ? null : choice);
  paint();
}

/** Follow the system while nothing was chosen. */
export function followSystemTheme() {
  system.addEventListener('change', paint);
  paint();
}

function paint() {
  const dark = theme.value === 'system' ? system.matches : theme.value === 'dark';
  document.documentElement.dataset.theme = dark ? 'dark' : 'light';
}
