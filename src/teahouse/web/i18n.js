/**
 * The page's words in the person's language. A page has one language at a time, so it is one signal here; a view that
 * calls `t` is drawn again when it changes.
 */
import en from './locales/en.js';
import zh from './locales/zh.js';
import { recall, remember } from './preferences.js';
import { signal } from './vendor/signals-core.js';

/** @typedef {keyof typeof en} Key */
/** @typedef {'en'|'zh'} Language */

/** @type {Record<Language, Record<Key, string>>} */
const LOCALES = { en, zh };

/** Languages by the names that their speakers give them. @type {Record<Language, string>} */
export const LANGUAGES = { zh: '中文', en: 'English' };

export const language = signal(recall('language', firstLanguage(navigator.languages || [navigator.language])));

/** @param {readonly string[]} wishes   the browser's, best first */
export function firstLanguage(wishes) {
  const known = wishes.map((wish) => wish.slice(0, 2).toLowerCase()).find((wish) => wish in LOCALES);
  return /** @type {Language} */ (known || 'en');
}

/** @param {Language} choice */
export function chooseLanguage(choice) {
  language.value = choice;
  remember('language', choice);
}

/**
 * The words of `key`, with `{name}` replaced by `values.name`. "one | many" is chosen by `values.n`.
 *
 * @param {Key} key
 * @param {Record<string, string|number>} [values]
 * @returns {string}
 */
export function t(key, values = {}) {
  const forms = LOCALES[language.value][key].split(' | ');
  const words = forms.length > 1 && values.n !== 1 ? forms[1] : forms[0];
  return words.replace(/\{(\w+)\}/g, (_, name) => String(values[name]));
}

/**
 * A refusal in the person's language; the server's own words where the code is not known.
 *
 * @param {{code?: string, words?: string}} refusal
 */
export function refusalWords(refusal) {
  const key = /** @type {Key} */ (`refused.${refusal.code}`);
  return key in en ? t(key) : refusal.words || t('refused.internal');
}

/** @param {number} ms */
export function timeOfDay(ms) {
  return new Intl.DateTimeFormat(locale(), { hour: '2-digit', minute: '2-digit', hourCycle: 'h23' }).format(ms);
}

/** @param {number} ms */
export function dateAndTime(ms) {
  return new Intl.DateTimeFormat(locale(), { dateStyle: 'long', timeStyle: 'short' }).format(ms);
}

/**
 * "Today", "Yesterday", or the date.
 *
 * @param {number} ms
 * @param {number} now
 */
export function dayName(ms, now) {
  const days = Math.round((midnight(now) - midnight(ms)) / 86400000);
  if (days === 0) return t('day.today');
  if (days === 1) return t('day.yesterday');
  const thisYear = new Date(ms).getFullYear() === new Date(now).getFullYear();
  /** @type {Intl.DateTimeFormatOptions} */
  const parts = { weekday: 'long', month: 'long', day: 'numeric', ...(thisYear ? {} : { year: 'numeric' }) };
  return new Intl.DateTimeFormat(locale(), parts).format(ms);
}

/** @param {number} ms */
export function midnight(ms) {
  return new Date(ms).setHours(0, 0, 0, 0);
}

function locale() {
  return language.value === 'zh' ? 'zh-CN' : 'en-GB';
}
