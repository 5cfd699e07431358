/** How much came by in a second, over the last seconds. */
export interface Rate {
  /** Frames per second. */
  readonly frames: number;
  /** Bits per second. */
  readonly bits: number;
}

/** Rates are means over this many milliseconds: long enough to be calm, short enough to follow. */
const WINDOW_MS = 2000;
const SLOTS = 8;
const SLOT_MS = WINDOW_MS / SLOTS;

/** Measures frames and bits a second in constant memory. */
export class RateMeter {
  readonly #frames = new Float64Array(SLOTS);
  readonly #bytes = new Float64Array(SLOTS);
  /** Number of the slot that is being filled, counted from time zero. */
  #slot = -1;
  /** Of the newest frame. */
  #countedSlot = -Infinity;
  #startedAt = NaN;

  /** Counts one frame of so many bytes at a time in milliseconds. */
  count(bytes: number, at: number): void {
    this.#moveTo(at);
    this.#countedSlot = this.#slot;
    this.#frames[this.#slot % SLOTS]++;
    this.#bytes[this.#slot % SLOTS] += bytes;
  }

  /** The rate in the window that ends at a time in milliseconds. */
  rate(at: number): Rate {
    this.#moveTo(at);
    if (Number.isNaN(this.#startedAt)) return { frames: 0, bits: 0 };
    const full = (SLOTS - 1) * SLOT_MS + at % SLOT_MS;
    // A young meter has seen less than a window; below half a second it would only guess.
    const seconds = Math.min(full, Math.max(at - this.#startedAt, 500)) / 1000;
    const sum = (values: Float64Array) => values.reduce((a, b) => a + b, 0);
    return { frames: sum(this.#frames) / seconds, bits: sum(this.#bytes) * 8 / seconds };
  }

  /** Milliseconds since frames began to come, or came again after a pause. */
  since(at: number): number {
    this.#moveTo(at);
    return at - this.#startedAt;
  }

  #moveTo(at: number): void {
    const slot = Math.floor(at / SLOT_MS);
    // After a pause it begins anew: what did not come before says nothing of what comes now.
    if (Number.isNaN(this.#startedAt) || slot - this.#countedSlot > SLOTS) this.#startedAt = at;
    const first = Math.max(this.#slot + 1, slot - SLOTS + 1);
    for (let i = first; i <= slot; i++) this.#frames[i % SLOTS] = this.#bytes[i % SLOTS] = 0;
    this.#slot = Math.max(this.#slot, slot);
  }
}
