import type { Departure } from "./sent_parts.ts";

/** The part of a link that frames use at most, so that its queue runs empty. */
const USED = 0.9;
/** So much of the frames before may still be under way when the next one is sent. Milliseconds. */
const ROOM_MS = 20;
/** One frame holds the next one back no longer than this. Milliseconds. */
const LONGEST_MS = 250;

/** Keeps room on the link for the sound that a page hears: sound that waits behind frames comes too late. */
export class SoundRoom {
  /** Whether the page listens. */
  isKept = false;
  /** When a link with room for sound will have carried all frames. Monotonic time, milliseconds. */
  #carriedAt = -Infinity;

  /** Counts a frame that leaves, on a link that carries `pace` bits a second. */
  wrote({ at, bytes }: Departure, pace: number): void {
    const carried = bytes * 8000 / (USED * pace);
    this.#carriedAt = Math.max(this.#carriedAt, at) + Math.min(carried, LONGEST_MS);
  }

  /** Returns how long the next frame has to wait unless all others have arrived; 0 for not at all. Milliseconds. */
  waitFor(now: number): number {
    return this.isKept ? Math.max(0, this.#carriedAt - ROOM_MS - now) : 0;
  }
}
