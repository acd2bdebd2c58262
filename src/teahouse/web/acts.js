/**
 * What a person does at this page: keys, clicks, writing, going back. An answer that comes late belongs to where they were when
 * they asked; whoever did anything since is somewhere else, and is not taken away from there (docs/decisions/0025).
 */
const KINDS = ['keydown', 'pointerdown', 'click', 'input', 'popstate'];
/** By themselves they do nothing here; Alt and Tab lead to another window and back. */
const MODIFIERS = ['Alt', 'AltGraph', 'CapsLock', 'Control', 'Meta', 'Shift'];

export class Acts {
  #count = 0;
  /** Whether the last act was a pointer's: a click that a key makes has no press of a pointer before it. */
  byPointer = false;

  /** @param {EventTarget} target   where all events of the page pass first: its window */
  constructor(target) {
    const note = (/** @type {any} */ event) => {
      if (MODIFIERS.includes(event.key)) return;
      this.#count += 1;
      if (event.type === 'pointerdown' || event.type === 'keydown') this.byPointer = event.type === 'pointerdown';
    };
    for (const kind of KINDS) target.addEventListener(kind, note, { capture: true, passive: true });
  }

  /**
   * Ask it where the act is handled, before anything is waited for.
   *
   * @returns {() => boolean}   whether the person has done nothing since
   */
  mark() {
    const before = this.#count;
    return () => this.#count === before;
  }
}
