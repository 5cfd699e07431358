import { StoreError } from "../channel/store.ts";

/** What is tidied up. */
export interface Untidy {
  /** Deletes up to so many purged messages; returns whether there was anything to do. */
  purgeSome(count: number): boolean;
  /** Gives up to so many unused pages of the file back; returns whether there were any. */
  releasePages(count: number): boolean;
  /** Moves what the write-ahead log holds to the database file; returns how many pages it held. */
  checkpoint(): number;
}

export interface HousekeepingOptions {
  readonly untidy: Untidy;
  /** Monotonic time, milliseconds. */
  readonly now?: () => number;
}

/** After a step that took longer, the next one does half as much, and after a shorter one twice as
 * much. Other programs may keep a step waiting, so this is below the 10 ms that it may take. */
const LONG_STEP_MS = 5;
const SHORT_STEP_MS = 2;

/** Messages that one step deletes, and pages that one gives back: at first, at least, at most. */
const ROWS = { first: 100, min: 20, max: 2_000 };
const PAGES = { first: 32, min: 8, max: 128 };

/** Steps between two checkpoints, and how many pages one may find in the log before there are fewer
 * steps to the next, or more. A checkpoint waits for the disk twice, whatever it has to write. */
const STEPS = { first: 4, max: 32 };
const MANY_PAGES = 500;
const FEW_PAGES = 125;

/** The least time between two steps, and how many times as long as the last step it is. */
const MIN_PAUSE_MS = 5;
const PAUSE_RATIO = 2;

/** How soon to try again what failed, as on a full disk. Milliseconds. */
const RETRY_MS = 60_000;

/**
 * Deletes purged messages and shrinks the file, in steps of a few milliseconds between which the
 * event loop is free. SQLite blocks the event loop, and viewers would see a long deletion.
 */
export class Housekeeping {
  readonly #untidy: Untidy;
  readonly #now: () => number;
  #timer: ReturnType<typeof setTimeout> | null = null;
  readonly #purge: Pieces;
  readonly #release: Pieces;
  #steps = 0;
  #maxSteps = STEPS.first;

  constructor({ untidy, now = () => performance.now() }: HousekeepingOptions) {
    this.#untidy = untidy;
    this.#now = now;
    this.#purge = new Pieces(ROWS, (count) => untidy.purgeSome(count), now);
    this.#release = new Pieces(PAGES, (count) => untidy.releasePages(count), now);
  }

  /** Starts to tidy up, unless that is under way. */
  wake(): void {
    if (this.#timer === null) this.#stepAfter(MIN_PAUSE_MS);
  }

  /** Stops; the next {@linkcode Housekeeping.wake} goes on where this left off. */
  stop(): void {
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#timer = null;
  }

  #stepAfter(milliseconds: number): void {
    this.#timer = setTimeout(() => this.#step(), milliseconds);
  }

  #step(): void {
    this.#timer = null;
    const begin = this.#now();
    let pause: number;
    try {
      if (!this.#tidy()) return;
      pause = Math.max(MIN_PAUSE_MS, PAUSE_RATIO * (this.#now() - begin));
    } catch (error) {
      if (!(error instanceof StoreError)) throw error;
      pause = RETRY_MS;
    }
    this.#stepAfter(pause);
  }

  /** Does one step; returns whether there was anything to do. */
  #tidy(): boolean {
    if (this.#steps < this.#maxSteps && (this.#purge.next() || this.#release.next())) {
      this.#steps++;
      return true;
    }
    if (this.#steps === 0) return false;
    const pages = this.#untidy.checkpoint();
    if (pages > MANY_PAGES) this.#maxSteps = Math.max(1, this.#maxSteps >> 1);
    else if (pages < FEW_PAGES) this.#maxSteps = Math.min(STEPS.max, this.#maxSteps << 1);
    this.#steps = 0;
    return true;
  }
}

/** Work that is done piece by piece, each as large as fits the time for it. */
class Pieces {
  readonly #size: typeof ROWS;
  readonly #work: (count: number) => boolean;
  readonly #now: () => number;
  #count: number;

  constructor(size: typeof ROWS, work: (count: number) => boolean, now: () => number) {
    this.#size = size;
    this.#work = work;
    this.#now = now;
    this.#count = size.first;
  }

  /** Does the next piece; returns whether there was anything to do. */
  next(): boolean {
    const begin = this.#now();
    if (!this.#work(this.#count)) return false;
    const took = this.#now() - begin;
    const { min, max } = this.#size;
    if (took > LONG_STEP_MS) this.#count = Math.max(min, this.#count >> 1);
    else if (took < SHORT_STEP_MS) this.#count = Math.min(max, this.#count << 1);
    return true;
  }
}
