/** Whoever stands on something that goes is not left nowhere. */
import { useLayoutEffect } from '../vendor/hooks.js';

/**
 * @param {{current: HTMLElement|null}} container
 * @param {(container: HTMLElement, place: number) => HTMLElement|null|undefined} heir   who takes the focus when what had it, the
 *   container's button number `place`, goes or is disabled
 */
export function useKeptFocus(container, heir) {
  useLayoutEffect(() => {
    const element = /** @type {HTMLElement} */ (container.current);
    /** @type {{had: Element, place: number}|null} */
    let held = null;
    const hold = () => {
      const had = document.activeElement;
      if (had && element.contains(had)) held = { had, place: [...element.querySelectorAll('button')].indexOf(/** @type {any} */ (had)) };
    };
    const takeBack = () => {
      if (!held || document.activeElement !== document.body) return;
      const isGone = !element.contains(held.had) || held.had.matches(':disabled');
      if (isGone) heir(element, held.place)?.focus({ preventScroll: true });
    };
    const observer = new MutationObserver(takeBack);
    hold();
    element.addEventListener('focusin', hold);
    observer.observe(element, { childList: true, subtree: true, attributeFilter: ['disabled'] });
    return () => {
      observer.disconnect();
      element.removeEventListener('focusin', hold);
    };
  }, []);
}
