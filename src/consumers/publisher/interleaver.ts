/** Something that has a time. */
export interface Timed {
  /** Wall time, milliseconds. */
  readonly at: number;
}

/** The other track is waited for so long, which sound may be late by and an encoder needs to begin again. Milliseconds. */
const PATIENCE_MS = 1_000;

interface Waiting<T> {
  readonly item: T;
  /** Monotonic time until which it waits for the other track. */
  readonly until: number;
}

/** Joins pictures and sound in the order of their times, as servers expect them. */
export class Interleaver<P extends Timed, S extends Timed> {
  readonly #give: (item: P | S) => void;
  readonly #now: () => number;
  readonly #pictures: Waiting<P>[] = [];
  readonly #sounds: Waiting<S>[] = [];

  /**
   * Has nothing yet.
   *
   * @param give Takes each picture and packet of sound when it is its turn.
   * @param now Monotonic time.
   */
  constructor(give: (item: P | S) => void, now: () => number) {
    this.#give = give;
    this.#now = now;
  }

  /** Takes the next picture. */
  picture(item: P): void {
    this.#pictures.push({ item, until: this.#now() + PATIENCE_MS });
    this.#release();
  }

  /** Takes the next packet of sound. */
  sound(item: S): void {
    this.#sounds.push({ item, until: this.#now() + PATIENCE_MS });
    this.#release();
  }

  /** Gives what has waited too long. Call it a few times a second. */
  tick(): void {
    this.#release();
  }

  #release(): void {
    const [pictures, sounds] = [this.#pictures, this.#sounds];
    for (;;) {
      const [picture] = pictures, [sound] = sounds;
      if (!picture && !sound) return;
      const isPicture = !sound || (picture && picture.item.at <= sound.item.at);
      const next = isPicture ? picture : sound;
      if ((!picture || !sound) && this.#now() < next.until) return;
      (isPicture ? pictures : sounds).shift();
      this.#give(next.item);
    }
  }
}
