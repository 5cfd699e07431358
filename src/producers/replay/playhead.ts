import type { ReplaySpeed } from "../../live_messages.ts";
import type { Past, PastFrame } from "../../streams/past.ts";

/** What a playhead reads of the past. */
export type PastFrames = Pick<Past, "frameAt" | "after" | "before">;

/** Where a playhead begins, and how it moves. */
export interface PlayheadStart {
  /** Wall time, milliseconds since the Unix epoch. */
  readonly at: number;
  /** Default: 1. */
  readonly speed?: ReplaySpeed;
  /**
   * How far behind live it began, and stays: it waits through a time of which nothing was kept. By default it goes on
   * behind that time at once. Milliseconds.
   */
  readonly delay?: number;
}

/** Between two frames further apart than this, nothing was kept: the channel was off air. Milliseconds. */
export const GAP_MS = 2000;

/** How often to look whether there is another frame, behind the newest one. Milliseconds. */
const LOOK_MS = 15;

/**
 * Decides which frame of the past is shown, and when the next one is due. Reads no clock: `now` is monotonic time in
 * milliseconds, which never falls from one call to the next.
 */
export class Playhead {
  readonly #past: PastFrames;
  /** How far behind live it stays; `null` if that may change. */
  readonly #delay: number | null;
  #speed: ReplaySpeed;
  #frame: PastFrame | null = null;
  /** Whether the frame was chosen, but not returned as due yet. */
  #isChosen = false;
  /** Whether the time of the frame after the newest one has come, but not the frame. */
  #isOut = false;
  /** The wall time that was shown at the monotonic time `#since`. */
  #at: number;
  #since: number;

  /** Shows nothing yet. */
  constructor(past: PastFrames, start: PlayheadStart, now: number) {
    const { at, speed = 1, delay = null } = start;
    this.#past = past;
    this.#delay = delay;
    this.#speed = speed;
    this.#at = at;
    this.#since = now;
  }

  /** The frame that is shown; `null` before there is one. */
  get frame(): PastFrame | null {
    return this.#frame;
  }

  /** How fast it moves. */
  get speed(): ReplaySpeed {
    return this.#speed;
  }

  /** Returns the wall time that is shown: milliseconds since the Unix epoch. */
  position(now: number): number {
    const position = this.#at + (now - this.#since) * this.#speed;
    return this.#isOut && this.#frame ? Math.min(position, this.#frame.at) : position;
  }

  /** Goes to the frame of a wall time, or to the nearest that there is. */
  seek(at: number, now: number): void {
    const frame = this.#past.frameAt(at);
    if (frame) this.#choose(frame, now);
    else this.#anchor(at, now);
  }

  /** Goes on at that speed. */
  play(speed: ReplaySpeed, now: number): void {
    this.#anchor(this.position(now), now);
    this.#speed = speed;
  }

  /** Pauses at the next frame or the one before; where there is none, at the present one. */
  step(direction: 1 | -1, now: number): void {
    this.play(0, now);
    if (!this.#frame) return;
    const frame = direction > 0 ? this.#past.after(this.#frame) : this.#past.before(this.#frame);
    if (frame) this.#choose(frame, now);
  }

  /** Returns the frame that is to be shown from now on, if that is another one than before. */
  due(now: number): PastFrame | null {
    if (!this.#frame) this.#begin(now);
    else if (!this.#isChosen && this.#speed > 0) this.#advance(this.#frame, now);
    const isNew = this.#isChosen;
    this.#isChosen = false;
    return isNew ? this.#frame : null;
  }

  /** Returns how long the present frame is shown from now on. Milliseconds; `Infinity` while paused. */
  wait(now: number): number {
    if (this.#isChosen) return 0;
    if (!this.#frame) return LOOK_MS;
    if (this.#speed === 0) return Infinity;
    const next = this.#past.after(this.#frame);
    if (!next) return LOOK_MS;
    if (this.#skipsTo(next, this.#frame)) return 0;
    return Math.max(0, (next.at - this.position(now)) / this.#speed);
  }

  #begin(now: number): void {
    const frame = this.#past.frameAt(this.position(now));
    if (!frame) return;
    if (this.#delay === null) return this.#choose(frame, now);
    this.#frame = frame;
    this.#isChosen = true;
  }

  #advance(frame: PastFrame, now: number): void {
    const next = this.#past.after(frame);
    if (!next) {
      this.#isOut = true;
      return;
    }
    const isOut = this.#isOut;
    this.#isOut = false;
    if (this.#skipsTo(next, frame)) return this.#skip(next, frame, now);
    const position = this.position(now);
    if (next.at > position) return;
    // Whoever waited for a frame goes on from there, and so stays as far behind as is needed.
    if (isOut && this.#delay === null) return this.#choose(next, now);
    // Frames whose time has passed are left out.
    const newest = this.#past.frameAt(position);
    this.#frame = newest && newest.index > next.index ? newest : next;
    this.#isChosen = true;
  }

  /** Returns whether a frame follows at once: what lies between was forgotten, or never kept. */
  #skipsTo(next: PastFrame, frame: PastFrame): boolean {
    if (next.index !== frame.index + 1 || next.at < frame.at) return true;
    return this.#delay === null && next.at - frame.at > GAP_MS;
  }

  /** Goes on at the frame after a skip, or as far behind live as it began if somebody has set the clock. */
  #skip(next: PastFrame, frame: PastFrame, now: number): void {
    const least = Math.max(frame.at, this.position(now));
    const isClockSet = next.at < frame.at || next.at > least + GAP_MS;
    this.#choose(next, now);
    const newest = this.#past.frameAt(Infinity);
    if (this.#delay === null || !isClockSet || !newest) return;
    const at = newest.at - this.#delay;
    this.#frame = this.#past.frameAt(at) ?? next;
    this.#anchor(at, now);
  }

  #choose(frame: PastFrame, now: number): void {
    this.#frame = frame;
    this.#isChosen = true;
    this.#anchor(frame.at, now);
  }

  #anchor(at: number, now: number): void {
    this.#at = at;
    this.#since = now;
    this.#isOut = false;
  }
}
