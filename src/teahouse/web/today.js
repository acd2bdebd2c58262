/** The day that it is here, which ends at midnight; a view that reads it is drawn again then. */
import { midnight } from './i18n.js';
import { signal } from './vendor/signals-core.js';

/** A page that slept wakes up with old timers. */
const AT_MOST_MS = 600000;

/** When it began, in Unix ms. */
export const today = signal(midnight(Date.now()));

function look() {
  today.value = midnight(Date.now());
  const tomorrow = new Date(today.value);
  tomorrow.setDate(tomorrow.getDate() + 1);
  setTimeout(look, Math.min(tomorrow.getTime() - Date.now(), AT_MOST_MS));
}

look();
