/** How many parts had been read and written at some time. */
export interface Look {
  /** Monotonic time, milliseconds. */
  readonly at: number;
  /** Parts that had been read. */
  readonly read: number;
  /** Parts that had been written. */
  readonly written: number;
}

/** A rate is known after this many parts and the shorter time, or after the longer time. */
const COUNTED_PARTS = 16;
const SHORTEST_MS = 1200;
const LONGEST_MS = 4000;
/** At a lower rate a probe would take too long, and smaller parts help in any case. */
const LEAST_FPS = 2;
const SLOW_MS = 2000;
/** Of parts twice as large, a reader takes as many as before, a link half as many. */
const LEAST_SHARE = 0.65;
/** How often in a row a probe has to blame the link. */
const SURE = 2;
/** How long a verdict holds. Milliseconds. */
const KNOWN_MS = 60_000;

/**
 * Finds out whether frames or bytes limit a client that reads too slowly: a player takes a number of
 * frames a second, however large they are; a relay such as a tunnel takes what its own link carries. For
 * a few seconds it doubles each frame by zeros that nobody sees.
 */
export class ReaderProbe {
  #isPadding = false;
  /** Earlier parts do not count, as they may or may not have zeros. `null` while not known. */
  #first: number | null = null;
  #timesLink = 0;
  #start: Look | null = null;
  #from: Look | null = null;
  /** Parts a second that were read without zeros; `null` while measuring that. */
  #plainFps: number | null = null;
  #verdict: { readonly isLink: boolean; readonly until: number } | null = null;

  /** Whether bytes limit the reader: what waits, waits for a link. */
  get blamesLink(): boolean {
    return this.#verdict?.isLink ?? false;
  }

  /** Returns the bytes of padding for a part of `bytes` bytes. */
  padding(bytes: number): number {
    return this.#isPadding ? bytes : 0;
  }

  /** Takes how much a late reader has read. */
  observe(look: Look): void {
    if (this.#verdict && look.at < this.#verdict.until) return;
    this.#verdict = null;
    this.#start ??= look;
    const sinceStart = look.at - this.#start.at;
    if (sinceStart >= SLOW_MS && fpsBetween(this.#start, look) < LEAST_FPS) {
      return this.#conclude(true, look.at);
    }
    // What waited before the reader was late may go faster.
    this.#first ??= look.written;
    if (look.read < this.#first) return;
    this.#from ??= look;
    const ms = look.at - this.#from.at, parts = look.read - this.#from.read;
    if (ms < LONGEST_MS && (ms < SHORTEST_MS || parts < COUNTED_PARTS)) return;
    const fps = fpsBetween(this.#from, look);
    if (this.#plainFps === null) {
      this.#plainFps = fps;
      this.#isPadding = true;
      this.#first = look.written;
      this.#from = null;
      return;
    }
    const isLink = fps < LEAST_SHARE * this.#plainFps;
    this.#timesLink = isLink ? this.#timesLink + 1 : 0;
    if (isLink && this.#timesLink < SURE) this.stop();
    else this.#conclude(isLink, look.at);
  }

  #conclude(isLink: boolean, at: number): void {
    this.stop();
    this.#timesLink = 0;
    this.#verdict = { isLink, until: at + KNOWN_MS };
  }

  /** Ends a running probe, as the reader is no longer late. */
  stop(): void {
    this.#isPadding = false;
    this.#first =
      this.#start =
      this.#from =
      this.#plainFps =
        null;
  }
}

function fpsBetween(from: Look, to: Look): number {
  return (to.read - from.read) * 1000 / (to.at - from.at);
}
