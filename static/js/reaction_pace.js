import { DEVICE_CLOCK } from "./clock.js";

/** As many at once as the server takes (src/channel/reactions.ts). */
const AT_ONCE = 4;

/** Then one in this time. A little more than the server asks for, since they may arrive closer together. Milliseconds. */
const EVERY_MS = 550;

/** Drops a viewer's taps that the server would refuse. */
export class ReactionPace {
  #clock;
  /** When as many as possible may be sent at once again. */
  #fullAt = -Infinity;

  /** @param {Pick<import("./clock.js").Clock, "monotonic">} [clock] */
  constructor(clock = DEVICE_CLOCK) {
    this.#clock = clock;
  }

  /** Returns whether one more may be sent now, and counts it. */
  take() {
    const now = this.#clock.monotonic();
    const fullAt = Math.max(now, this.#fullAt) + EVERY_MS;
    if (fullAt > now + AT_ONCE * EVERY_MS) return false;
    this.#fullAt = fullAt;
    return true;
  }
}
