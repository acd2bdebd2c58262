/**
 * Keeps a scrolling list where its reader is: at the end while they follow, otherwise at the row they look at, whatever is
 * added above or below. Safari has no scroll anchoring of its own, so it is done by hand for all.
 */

const NEAR_END_PX = 48;
const HALF_A_LINE_PX = 8;
/** Rows come in pieces, and those out of view are not laid out: asking a row there for its place would lay it out. */
const PIECES = '.chunk';
const ROWS = '[data-seq]';

export class Place {
  /** @param {HTMLElement} scroller */
  constructor(scroller) {
    this.scroller = scroller;
    this.following = true;
    /** The first row in view and where its top stood. @type {{row: Element, top: number}|null} */
    this.anchor = null;
  }

  /** Call after the reader scrolled: takes down where they are. */
  note() {
    const { scroller } = this;
    this.following = scroller.scrollHeight - scroller.scrollTop - scroller.clientHeight < NEAR_END_PX;
    this.take();
  }

  /** Call after rows or sizes changed: brings the reader back to where they were. `pinned` false: the end here is not the room's. */
  keep(pinned = true) {
    if (this.following && pinned) return this.toEnd();
    if (this.anchor && this.anchor.row.isConnected) {
      const moved = topOf(this.anchor.row) - this.anchor.top;
      if (Math.abs(moved) >= 1) this.scroller.scrollTop += moved;
    }
    this.take();
  }

  toEnd() {
    this.following = true;
    this.scroller.scrollTop = this.scroller.scrollHeight;
    this.take();
  }

  /**
   * Bring an element to a share of the view's height from the top.
   *
   * @param {Element} element
   * @param {number} share   0 is the top, 0.5 the middle
   */
  show(element, share) {
    // Twice: rows that were never near since the window changed its width have old heights (content-visibility).
    for (let round = 0; round < 2; round++) {
      const goal = this.scroller.getBoundingClientRect().top + this.scroller.clientHeight * share;
      this.scroller.scrollTop += topOf(element) - goal;
    }
    this.note();
  }

  /** The highest seq that was scrolled into view, 0 when there is none. */
  lastSeen() {
    const bottom = this.scroller.getBoundingClientRect().bottom - HALF_A_LINE_PX;
    const isBelow = (/** @type {Element} */ element) => topOf(element) > bottom;
    const pieces = this.scroller.querySelectorAll(PIECES);
    for (let index = firstWhere(pieces, isBelow) - 1; index >= 0; index--) {
      const rows = pieces[index].querySelectorAll(ROWS);
      const last = /** @type {HTMLElement|undefined} */ (rows[firstWhere(rows, isBelow) - 1]);
      if (last) return Number(last.dataset.seq);
    }
    return 0;
  }

  take() {
    const { top } = this.scroller.getBoundingClientRect();
    const isInView = (/** @type {Element} */ element) => element.getBoundingClientRect().bottom > top;
    const pieces = this.scroller.querySelectorAll(PIECES);
    this.anchor = null;
    for (let index = firstWhere(pieces, isInView); index < pieces.length && !this.anchor; index++) {
      const rows = pieces[index].querySelectorAll(ROWS);
      const row = rows[firstWhere(rows, isInView)];
      if (row) this.anchor = { row, top: topOf(row) };
    }
  }
}

/** @param {Element} element */
function topOf(element) {
  return element.getBoundingClientRect().top;
}

/**
 * The index of the first element that passes; the list's length where none does. The test must hold for all that follow one
 * for which it holds. Binary, because a window may hold ten thousand rows.
 *
 * @param {ArrayLike<Element>} list
 * @param {(element: Element) => boolean} passes
 */
function firstWhere(list, passes) {
  let low = 0;
  let high = list.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (passes(list[middle])) high = middle;
    else low = middle + 1;
  }
  return low;
}
