/** A rate over the last two seconds. */
export interface Rate {
  /** Frames per second. */
  readonly frames: number;
  /** Bits per second. */
  readonly bits: number;
}

/** Rates are means over this time: long enough to be calm, short enough to follow. Milliseconds. */
const WINDOW_MS = 2000;
const SLOTS = 8;
const SLOT_MS = WINDOW_MS / SLOTS;

/** Measures frames and bits a second in constant memory. */
export class RateMeter {
  readonly #frames = new Float64Array(SLOTS);
  readonly #bytes = new Float64Array(SLOTS);
  /** Number of the slot that is being filled, counted from time zero. */
  #slot = -1;
  /** The slot of the newest frame. */
  #countedSlot = -Infinity;
  #startedAt = NaN;

  /** Counts one frame. Times are monotonic, in milliseconds. */
  count(bytes: number, at: number): void {
    this.#moveTo(at);
    this.#countedSlot = this.#slot;
    this.#frames[this.#slot % SLOTS]++;
    this.#bytes[this.#slot % SLOTS] += bytes;
  }

  /** Returns the rate in the window that ends at that time. */
  rate(at: number): Rate {
    this.#moveTo(at);
    if (Number.isNaN(this.#startedAt)) return { frames: 0, bits: 0 };
    const full = (SLOTS - 1) * SLOT_MS + at % SLOT_MS;
    // A young meter has seen less than a window; below half a second it could only guess.
    const seconds = Math.min(full, Math.max(at - this.#startedAt, 500)) / 1000;
    const sum = (values: Float64Array) => values.reduce((a, b) => a + b, 0);
    return { frames: sum(this.#frames) / seconds, bits: sum(this.#bytes) * 8 / seconds };
  }

  /** Returns the milliseconds since frames began to come, or resumed after a pause. */
  since(at: number): number {
    this.#moveTo(at);
    return at - this.#startedAt;
  }

  #moveTo(at: number): void {
    const slot = Math.floor(at / SLOT_MS);
    // After a pause it starts over: the pause says nothing about what comes now.
    if (Number.isNaN(this.#startedAt) || slot - this.#countedSlot > SLOTS) this.#startedAt = at;
    const first = Math.max(this.#slot + 1, slot - SLOTS + 1);
    for (let i = first; i <= slot; i++) this.#frames[i % SLOTS] = this.#bytes[i % SLOTS] = 0;
    this.#slot = Math.max(this.#slot, slot);
  }
}
