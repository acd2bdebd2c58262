/** Chance that a test can repeat: the same seed, the same throws (mulberry32, Tommy Ettinger, public domain). */

export class Dice {
  #state;

  constructor(seed) {
    this.#state = seed;
  }

  random = () => {
    this.#state = (this.#state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(this.#state ^ (this.#state >>> 15), 1 | this.#state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
  };

  below(bound) {
    return Math.floor(this.random() * bound);
  }

  one(list) {
    return list[this.below(list.length)];
  }

  happens(chance) {
    return this.random() < chance;
  }
}
