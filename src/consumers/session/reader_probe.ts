/** How much had been read at a time in milliseconds, and written, in parts. */
export interface Look {
  /** Monotonic time, milliseconds. */
  readonly at: number;
  /** Parts that had been read. */
  readonly read: number;
  /** Parts that had been written. */
  readonly written: number;
}

/** So many parts, in so long a time, tell at which rate they are read; more time does in any case. */
const COUNTED_PARTS = 16;
const SHORTEST_MS = 1200;
const LONGEST_MS = 4000;
/** Of fewer parts a second it would take too long to find out, and smaller ones help in any case. */
const LEAST_FPS = 2;
const SLOW_MS = 2000;
/** Of parts twice as large, a reader takes as many, a link half as many. */
const LEAST_SHARE = 0.65;
/** So many times in a row it has to be found that it is the link. */
const SURE = 2;
/** So long what was found out is believed. Milliseconds. */
const KNOWN_MS = 60_000;

/**
 * Finds out whether a program that reads too little is limited by frames or by bytes: a player takes
 * so many frames a second, however large they are; a relay such as a tunnel takes what its own link
 * carries. For a few seconds zeros that nobody sees are sent behind each frame, as many bytes as it has.
 */
export class ReaderProbe {
  #isPadding = false;
  /** Parts before it do not count: they may have no zeros, or have them. `null` for not known yet. */
  #first: number | null = null;
  #timesLink = 0;
  #start: Look | null = null;
  #from: Look | null = null;
  /** Parts a second that were read without zeros; `null` while that is measured. */
  #plainFps: number | null = null;
  #verdict: { readonly isLink: boolean; readonly until: number } | null = null;

  /** Whether it was found that bytes limit the reader: what waits, waits for a link. */
  get blamesLink(): boolean {
    return this.#verdict?.isLink ?? false;
  }

  /** Bytes to add to a part of so many bytes. */
  padding(bytes: number): number {
    return this.#isPadding ? bytes : 0;
  }

  /** Takes what a late reader has read. */
  observe(look: Look): void {
    if (this.#verdict && look.at < this.#verdict.until) return;
    this.#verdict = null;
    this.#start ??= look;
    const sinceStart = look.at - this.#start.at;
    if (sinceStart >= SLOW_MS && fpsBetween(this.#start, look) < LEAST_FPS) {
      return this.#conclude(true, look.at);
    }
    // What waited before the reader was found to be late may go faster.
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

  /** Gives up what is not found out yet: the reader is not late any more. */
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
