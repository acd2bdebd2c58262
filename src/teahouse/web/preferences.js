/**
 * What this browser remembers of its person: language, theme, the last identity, drafts. All of it may be lost, and
 * localStorage may be forbidden; then it lasts as long as the page.
 */
import { signal } from './vendor/signals-core.js';

const PREFIX = 'teahouse.';
/** What could not be stored. @type {Map<string, unknown>} */
const untilClosed = new Map();

/**
 * @template T
 * @param {string} key
 * @param {T} fallback
 * @returns {T}
 */
export function recall(key, fallback) {
  if (untilClosed.has(key)) return /** @type {T} */ (untilClosed.get(key));
  try {
    const kept = localStorage.getItem(PREFIX + key);
    return kept === null ? fallback : JSON.parse(kept);
  } catch {
    return fallback;
  }
}

/**
 * @param {string} key
 * @param {unknown} value   null forgets it
 */
export function remember(key, value) {
  try {
    if (value === null) localStorage.removeItem(PREFIX + key);
    else localStorage.setItem(PREFIX + key, JSON.stringify(value));
    untilClosed.delete(key);
  } catch {
    if (value === null) untilClosed.delete(key);
    else untilClosed.set(key, value);
  }
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
