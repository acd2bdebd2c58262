/** What is read aloud of a room: what is said while it is open, not what was said before. */
import { language } from '../i18n.js';
import { markdown } from '../text.js';
import { useLayoutEffect, useRef } from '../vendor/hooks.js';

/** As long as browsers take to tell screen readers what was added. */
const SILENT_MS = 500;

/**
 * Nothing is announced when a room opens, a page of older or newer messages joins, or all rows are drawn anew.
 *
 * @param {{current: HTMLElement|null}} log
 * @param {import('../types.js').RoomState} room
 */
export function useSilence(log, { messages, loaded, moreAfter }) {
  const first = messages[0]?.seq ?? 0;
  const before = useRef({ first, below: false, pages: 0 });
  const { current: was } = before;
  const hasJoined = was.below || (was.first > 0 && was.first !== first);
  const pages = was.pages + Number(hasJoined);
  before.current = { first, below: moreAfter, pages };
  useLayoutEffect(() => {
    const element = /** @type {HTMLElement} */ (log.current);
    element.setAttribute('aria-busy', 'true');
    const timer = setTimeout(() => element.removeAttribute('aria-busy'), SILENT_MS);
    return () => clearTimeout(timer);
  }, [loaded, pages, language.value, markdown.value]);
}
