/** A list that is read page by page, the newest first, in which pressed buttons go away with their rows. */
import { useHouse } from '../ui.js';
import { useEffect, useLayoutEffect, useRef, useState } from '../vendor/hooks.js';

/**
 * `read` gets the id of the last one that is there. `items` is null until the first page has come; `refuge` is for the button that takes
 * the focus of one that has gone.
 * @template {{id: number}} T
 * @param {(before: number|undefined) => Promise<{items: T[], more?: boolean|null}>} read
 */
export function usePagedList(read) {
  const { ui } = useHouse();
  const [items, setItems] = useState(/** @type {T[]|null} */ (null));
  const [more, setMore] = useState(false);
  const refuge = useRef(/** @type {HTMLButtonElement|null} */ (null));
  const load = async (/** @type {T[]} */ before) => {
    const page = await ui.attempt(read(before.length > 0 ? before[before.length - 1].id : undefined));
    if (!page) return;
    setItems([...before, ...page.items]);
    setMore(Boolean(page.more));
  };
  useEffect(() => void load([]), []);
  useLayoutEffect(() => {
    if (document.activeElement === document.body) refuge.current?.focus();
  }, [items]);
  return { items, setItems, more, readMore: () => load(items || []), refuge };
}
