import { StoreError } from "../channel/store.ts";
import { type Clock, SYSTEM_CLOCK } from "../clock.ts";

/** The work that {@linkcode Housekeeping} does step by step. */
export interface Untidy {
  /** Deletes up to `count` purged messages; returns whether there was anything to do. */
  purgeSome(count: number): boolean;
  /** Releases up to `count` unused pages of the file; returns whether there were any. */
  releasePages(count: number): boolean;
  /** Moves the write-ahead log to the database file; returns how many pages the log held. */
  checkpoint(): number;
}

/** Options of {@linkcode Housekeeping}. */
export interface HousekeepingOptions {
  /** Does the work. */
  readonly untidy: Untidy;
  /** Default: the system's clock. */
  readonly clock?: Pick<Clock, "monotonic">;
}

/**
 * A step that took longer than this halves the next one, and a shorter one doubles it. A step may take
 * 10 ms; the limit is lower because other programs can delay one.
 */
const LONG_STEP_MS = 5;
const SHORT_STEP_MS = 2;

/** Messages that one step deletes, and pages that it releases: the first time, at least, at most. */
const ROWS = { first: 100, min: 20, max: 2_000 };
const PAGES = { first: 32, min: 8, max: 128 };

/**
 * Steps between two checkpoints: fewer if a checkpoint found many pages in the log, more if it found
 * few. A checkpoint waits for the disk twice, however little it has to write.
 */
const STEPS = { first: 4, max: 32 };
const MANY_PAGES = 500;
const FEW_PAGES = 125;

/** The pause between two steps: at least, and as a multiple of the last step. */
const MIN_PAUSE_MS = 5;
const PAUSE_RATIO = 2;

/** When to try again after a failure, such as a full disk. Milliseconds. */
const RETRY_MS = 60_000;

/**
 * Deletes purged messages and shrinks the file in steps of a few milliseconds, with pauses between
 * them. SQLite blocks the event loop, so one long deletion would freeze every viewer's picture.
 */
export class Housekeeping {
  readonly #untidy: Untidy;
  readonly #clock: Pick<Clock, "monotonic">;
  #timer: ReturnType<typeof setTimeout> | null = null;
  readonly #purge: Pieces;
  readonly #release: Pieces;
  #steps = 0;
  #maxSteps = STEPS.first;

  /** Does nothing until it is woken. */
  constructor({ untidy, clock = SYSTEM_CLOCK }: HousekeepingOptions) {
    this.#untidy = untidy;
    this.#clock = clock;
    this.#purge = new Pieces(ROWS, (count) => untidy.purgeSome(count), clock);
    this.#release = new Pieces(PAGES, (count) => untidy.releasePages(count), clock);
  }

  /** Starts to tidy up, unless it already is. */
  wake(): void {
    if (this.#timer === null) this.#stepAfter(MIN_PAUSE_MS);
  }

  /** Stops; the next {@linkcode Housekeeping.wake} continues from there. */
  stop(): void {
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#timer = null;
  }

  #stepAfter(milliseconds: number): void {
    this.#timer = setTimeout(() => this.#step(), milliseconds);
  }

  #step(): void {
    this.#timer = null;
    const begin = this.#clock.monotonic();
    let pause: number;
    try {
      if (!this.#tidy()) return;
      pause = Math.max(MIN_PAUSE_MS, PAUSE_RATIO * (this.#clock.monotonic() - begin));
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

/** Does work in pieces, sized by how long the last one took. */
class Pieces {
  readonly #size: typeof ROWS;
  readonly #work: (count: number) => boolean;
  readonly #clock: Pick<Clock, "monotonic">;
  #count: number;

  constructor(
    size: typeof ROWS,
    work: (count: number) => boolean,
    clock: Pick<Clock, "monotonic">,
  ) {
    this.#size = size;
    this.#work = work;
    this.#clock = clock;
    this.#count = size.first;
  }

  /** Does the next piece; returns whether there was anything to do. */
  next(): boolean {
    const begin = this.#clock.monotonic();
    if (!this.#work(this.#count)) return false;
    const took = this.#clock.monotonic() - begin;
    const { min, max } = this.#size;
    if (took > LONG_STEP_MS) this.#count = Math.max(min, this.#count >> 1);
    else if (took < SHORT_STEP_MS) this.#count = Math.min(max, this.#count << 1);
    return true;
  }
}
