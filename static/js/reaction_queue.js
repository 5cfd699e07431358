/** @typedef {import("../../src/live_messages.ts").Reaction} Reaction */

/** The most that wait to be drawn; more would float long after the moment. */
const MAX_WAITING = 8;

/** Chooses which reactions to draw, however many viewers send: some of each kind rather than all of one. */
export class ReactionQueue {
  /** @type {Reaction[]} */
  #waiting = [];

  /** @param {Readonly<Partial<Record<Reaction, number>>>} counts New ones since the last call. */
  add(counts) {
    const left = Object.entries(counts);
    while (left.length > 0 && this.#waiting.length < MAX_WAITING) {
      const [kind, count] = /** @type {[Reaction, number]} */ (left.shift());
      if (count <= 0) continue;
      this.#waiting.push(kind);
      left.push([kind, count - 1]);
    }
  }

  /** Takes the next one to draw. */
  next() {
    return this.#waiting.shift();
  }
}
