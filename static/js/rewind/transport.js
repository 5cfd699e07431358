import { DEVICE_CLOCK } from "../clock.js";
import { PastConnection } from "./past_connection.js";
import { rangeOf } from "./time_range.js";

/** @typedef {import("../../../src/live_messages.ts").ReplaySpeed} ReplaySpeed */
/** @typedef {import("./time_range.js").PastRange} PastRange */
/** @typedef {import("../../../src/live_messages.ts").ClientMessage} ClientMessage */

/** @typedef {import("./past_connection.js").Playing} Playing */

/** Who is no further behind than this watches live. Milliseconds. */
const LIVE_MS = 1500;

/** For so long after a jump, frames from before it may still arrive. Milliseconds. */
const JUMP_MS = 1000;

/** Off air, the past has ended where no other frame has come for so long. Milliseconds. */
const END_MS = 3000;

/** The speeds, fastest first. @type {readonly ReplaySpeed[]} */
const SPEEDS = [1, 0.5, 0.25];

/**
 * Decides what the viewer watches: live, or a time of the past at a speed, or a frame of it while paused. A pause closes the
 * connection; single frames open it for a while.
 */
export class Transport {
  #playback;
  #connection;
  #serverNow;
  #clock;
  #onChange;
  #onNotice;
  /** @type {PastRange | null} */
  #rewind = null;
  #isOnAir = true;
  /** When the first frame of another time was painted, by this device's clock. */
  #movedAt = 0;
  /** How far the server's clock is ahead of this device's, by the last live frame; `null` before any. @type {number | null} */
  #ahead = null;
  #isPast = false;
  #paused = false;
  /** @type {ReplaySpeed} */
  #speed = 1;
  /** When the frame on the screen was captured, or where the viewer wants to be; `null` if unknown. @type {number | null} */
  #at = null;
  /** Where a jump leads, until it has arrived. @type {{ at: number, until: number } | null} */
  #jump = null;
  /**
   * @param {object} options
   * @param {Playing} options.playback
   * @param {(message: ClientMessage) => boolean} options.send Returns whether there was a connection to send it over.
   * @param {() => number} options.now Returns the server's wall time, as far as it is known without frames.
   * @param {(change: "jump" | "state") => void} options.onChange The viewer goes to another time, or something else changed.
   * @param {(notice: "off" | "gone") => void} options.onNotice Nothing can be watched but live; what came next is not kept any more.
   * @param {Pick<import("../clock.js").Clock, "wall">} [options.clock]
   */
  constructor({ playback, send, now, onChange, onNotice, clock = DEVICE_CLOCK }) {
    this.#playback = playback;
    this.#connection = new PastConnection({
      ...{ playback, send },
      wanted: () => ({ at: Math.ceil(this.#at ?? 0), speed: this.#speedNow }),
    });
    this.#serverNow = now;
    this.#onChange = onChange;
    this.#onNotice = onNotice;
    this.#clock = clock;
    this.#paused = playback.paused;
    playback.onPastEnd(() => {
      this.#becomeLive();
      this.#onNotice("off");
    });
  }

  /** Whether the viewer can go back. */
  get isAvailable() {
    return this.#rewind !== null;
  }

  get isPast() {
    return this.#isPast;
  }

  get paused() {
    return this.#paused;
  }

  get speed() {
    return this.#speed;
  }

  /** From when to when the viewer can watch. */
  get range() {
    return rangeOf(this.#rewind ?? { since: Infinity, seconds: 0 }, this.#now());
  }

  /** When what the viewer watches was captured: a wall time of the server. */
  get at() {
    const isStill = this.#isPast || this.#paused;
    return isStill && this.#at !== null ? this.#at : this.#now();
  }

  /**
   * @param {PastRange | null} rewind How far back viewers can go; `null` if they cannot.
   * @param {boolean} [isOnAir] Whether what comes is being kept.
   */
  follow(rewind, isOnAir = true) {
    this.#rewind = rewind;
    this.#isOnAir = isOnAir;
    if (rewind === null && this.#isPast && !this.#paused) {
      this.live();
      this.#onNotice("off");
    } else this.#onChange("state");
  }

  /** @param {Pick<import("../player.js").PictureInfo, "at">} info A frame that was painted. */
  painted({ at }) {
    if (at === null) return;
    if (!this.#isPast) {
      this.#ahead = at - this.#clock.wall();
      this.#at = at;
      return;
    }
    if (this.#connection.painted()) this.#movedAt = this.#clock.wall();
    // The last frame is repeated.
    if (at !== this.#at) this.#movedAt = this.#clock.wall();
    const jump = this.#jump;
    if (jump && Math.abs(at - jump.at) > LIVE_MS && this.#clock.wall() < jump.until) return;
    this.#jump = null;
    this.#at = at;
    const hasCaughtUp = this.#speedNow === 1 && this.#now() - at < LIVE_MS;
    if (hasCaughtUp) this.live();
  }

  /** Call this each second. */
  tick() {
    const hasEnded = this.#clock.wall() - this.#movedAt > END_MS;
    const plays = this.#isPast && this.#speedNow > 0 && this.#connection.isOpen;
    if (!this.#isOnAir && plays && hasEnded) this.live();
  }

  /** @param {number} at Where to go; the latest time is live. */
  seek(at) {
    const { from, to } = this.range;
    if (!this.isAvailable) return;
    if (at > to - LIVE_MS && !this.#paused) {
      if (this.#isPast) this.live();
      return;
    }
    this.#goTo(Math.max(from, Math.min(to, at)));
  }

  /** @param {number} ms How far to go on, or back if it is negative. */
  move(ms) {
    this.seek(this.at + ms);
  }

  /** Goes back to live. */
  live() {
    if (!this.#isPast && !this.#paused) return;
    this.#becomeLive();
    this.#playback.show(null);
    this.#playback.paused = false;
  }

  togglePause() {
    if (this.#paused) this.#goOn();
    else this.#pause();
  }

  /** @param {1 | -1} direction Shows the next frame or the one before, and pauses. */
  step(direction) {
    if (!this.isAvailable) return;
    if (!this.#isPast) this.#enterPast(this.#at ?? this.#now());
    this.#paused = true;
    this.#connection.step(direction);
    this.#onChange("state");
  }

  /** @param {ReplaySpeed} speed */
  setSpeed(speed) {
    if (!this.isAvailable || speed === this.#speed) return;
    this.#speed = speed;
    if (this.#isPast && !this.#paused) this.#connection.go({ speed });
    else if (!this.#paused) return this.#goTo(this.#at ?? this.#now());
    this.#onChange("state");
  }

  /** @param {1 | -1} direction Faster or slower. */
  changeSpeed(direction) {
    const speed = SPEEDS[SPEEDS.indexOf(this.#speed) - direction];
    if (speed !== undefined) this.setSpeed(speed);
  }

  /** Chooses the next slower speed; after the slowest, the normal one. */
  cycleSpeed() {
    this.setSpeed(SPEEDS[(SPEEDS.indexOf(this.#speed) + 1) % SPEEDS.length]);
  }

  #now() {
    return this.#ahead === null ? this.#serverNow() : this.#clock.wall() + this.#ahead;
  }

  #pause() {
    this.#paused = true;
    this.#at ??= this.#now();
    this.#connection.close();
    this.#onChange("state");
  }

  #goOn() {
    const at = this.#at;
    const { from, to } = this.range;
    if (!this.isAvailable || at === null || at > to - LIVE_MS) return this.live();
    this.#paused = false;
    if (at < from) this.#onNotice("gone");
    this.#goTo(Math.max(at, from));
  }

  /** @param {number} at */
  #goTo(at) {
    this.#enterPast(at);
    this.#movedAt = this.#clock.wall();
    this.#jump = { at, until: this.#movedAt + JUMP_MS };
    this.#connection.go({ at, speed: this.#speedNow });
    this.#onChange("jump");
  }

  /** @param {number} at */
  #enterPast(at) {
    this.#isPast = true;
    this.#at = at;
  }

  #becomeLive() {
    this.#isPast = this.#paused = false;
    this.#connection.leave();
    this.#jump = null;
    this.#speed = 1;
    this.#onChange("jump");
  }

  /** @returns {ReplaySpeed} */
  get #speedNow() {
    return this.#paused ? 0 : this.#speed;
  }
}
