/**
 * What became of the texts that somebody keeps outside of their room's window, such as what a search found. The page forgets with the
 * events themselves, so that what was removed is shown nowhere, and does not come back whatever the room forgets later.
 */

export class Changes {
  #you;
  /** @type {Map<string, string>} */
  #texts = new Map();
  /** @type {Set<number>} */
  #lostRooms = new Set();
  #isAllLost = false;

  /**
   * @param {import('./types.js').User|null} you
   * @param {any[]} [events]
   */
  constructor(you, events = []) {
    this.#you = you;
    this.add(events);
  }

  /** @param {any[]} events */
  add(events) {
    for (const event of events) {
      if (event.type === 'entry') this.#addEntry(event);
      else if (event.type === 'reset') this.#lostRooms.add(event.log);
      else if (event.type === 'welcome' && !event.resumed) this.#isAllLost = true;
    }
  }

  /**
   * How a text that read `text` before reads now: '' when its message was removed, undefined when nothing here can tell, because the
   * stream left something out.
   *
   * @param {number} room
   * @param {number} seq
   * @param {string|undefined} text
   * @returns {string|undefined}
   */
  textOf(room, seq, text) {
    const now = this.#texts.get(keyOf(room, seq)) ?? text;
    if (text === '' || now === '') return '';
    return this.#isAllLost || this.#lostRooms.has(room) ? undefined : now;
  }

  /** @param {import('./types.js').Entry} entry */
  #addEntry({ log, fact }) {
    const key = keyOf(log, fact.message);
    if (fact.type === 'removed') this.#texts.set(key, '');
    if (fact.type === 'edited' && this.#texts.get(key) !== '') this.#texts.set(key, fact.text);
    if (fact.type === 'left' && fact.user.id === this.#you?.id) this.#lostRooms.add(log);
  }
}

/**
 * @param {number} room
 * @param {number} seq
 */
function keyOf(room, seq) {
  return `${room} ${seq}`;
}
