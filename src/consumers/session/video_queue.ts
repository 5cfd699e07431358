import type { VideoPart } from "../../media/video_part.ts";

/** A part that waits to be sent. */
interface Waiting {
  readonly part: VideoPart;
  /** Since when. Monotonic time, milliseconds. */
  readonly since: number;
}

/** More parts than this are never worth sending: they would be seconds old. */
const MAX_PARTS = 128;

/** Holds the H.264 that waits for one session's link, in order. Whoever fills it empties it once it grows old. */
export class VideoQueue {
  #waiting: Waiting[] = [];
  #dropped = 0;

  /** Parts that were dropped before they could be sent. */
  get dropped(): number {
    return this.#dropped;
  }

  /** How many parts wait. */
  get length(): number {
    return this.#waiting.length;
  }

  /** Adds a part; returns whether there was room for it. */
  put(part: VideoPart, now: number): boolean {
    if (this.#waiting.length >= MAX_PARTS) return false;
    this.#waiting.push({ part, since: now });
    return true;
  }

  /** Returns how long the oldest part has waited. Milliseconds; 0 for none. */
  waitedAt(now: number): number {
    return this.#waiting.length === 0 ? 0 : now - this.#waiting[0].since;
  }

  /** Removes and returns the oldest part; `null` if there is none. */
  take(): VideoPart | null {
    return this.#waiting.shift()?.part ?? null;
  }

  /** Drops all parts, and returns how many there were. */
  drop(): number {
    const count = this.#waiting.length;
    this.#dropped += count;
    this.#waiting = [];
    return count;
  }
}
