import { Lateness } from "./lateness.js";
import { RateControl } from "./rate_control.js";

/**
 * @typedef {Pick<import("./sound_message.js").SoundPacket, "sequence" | "at" | "duration">} Arrived
 *
 * @typedef {object} Playing How a packet plays.
 * @property {number | null} start When, in milliseconds; `null` for right after the one before.
 * @property {number} missing The number of lost packets to conceal before it.
 * @property {number} rate How much faster than normal.
 * @property {boolean} fadesIn Whether it does not continue what was heard before.
 * @property {boolean} fadesOut Whether what follows does not continue it.
 */

/** Sound that is to be heard this soon can no longer be changed. Milliseconds. */
export const SPARE_MS = 10;

/** Larger errors are corrected by a jump, smaller ones by the rate. Milliseconds. */
const MAX_ERROR_MS = 300;

/**
 * The same for sound that has just begun, while the first pictures do not show yet how late the picture will be: the rate
 * would take ten seconds to make up 200 ms. Milliseconds.
 */
const MAX_FIRST_ERROR_MS = 60;

/** How long that applies, from the first packet. Milliseconds. */
const SETTLING_MS = 2000;

/** How much later than possible sound plays at most, to be in step with a late picture. Milliseconds. */
const MAX_HOLD_MS = 1000;

/** If more packets than that are missing, there is silence instead of them. */
const MAX_CONCEALED = 5;

/** Packets that waited on the link until it carried something again arrive together within this time. Milliseconds. */
const BURST_MS = 60;

/** If timestamps jump by less, only the rate follows. Milliseconds. */
const STEP_MS = 15;

/**
 * Decides when each packet plays: late enough that slower packets do not interrupt the sound, and no later. It does not
 * read clocks. The caller passes the time on the output's clock, in milliseconds.
 *
 * The lag of a packet is the time from its timestamp to its sound. The lag aimed for is the transit of the fastest packets
 * and a delay for slower ones, or the lag of the picture if that is longer. Rates of up to 2 % keep to it, whichever
 * clock is fast: the sender's, the server's or the sound card's.
 */
export class JitterBuffer {
  #lateness = new Lateness();
  #control = new RateControl();
  /** @type {Arrived | null} The newest packet. */
  #last = null;
  #ranOut = false;
  #skips = false;
  /** @type {number | null} When the first packet after an interruption arrived, until one plays. */
  #burstSince = null;
  /** The number of packets that were replaced since the last one came. */
  #replaced = 0;
  /** Until when the lag of the picture is uncertain. */
  #settledAt = 0;
  #gaps = 0;
  #lost = 0;
  #rate = 1;

  /** How often the sound was interrupted because packets came too late. */
  get gaps() {
    return this.#gaps;
  }

  /** The number of packets that did not come or came too late. */
  get lost() {
    return this.#lost;
  }

  /** How much faster than normal the newest packet plays. */
  get rate() {
    return this.#rate;
  }

  /** How long the fastest packets wait if the picture is not later. Milliseconds. */
  get delay() {
    return this.#lateness.delay;
  }

  /** Begins anew with the next packet. Its counters go on. */
  reset() {
    this.#lateness = new Lateness();
    this.#control = new RateControl();
    this.#last = null;
    this.#ranOut = this.#skips = false;
    this.#burstSince = null;
    this.#replaced = 0;
  }

  /** Call this if the caller put a replacement in the place of a packet that did not come in time. */
  continued() {
    this.#replaced++;
  }

  /** Call this if the caller let the sound fade out because no packet came in time. */
  ranOut() {
    this.#ranOut = true;
  }

  /**
   * Takes a packet that arrived.
   *
   * @param {Arrived} packet
   * @param {number} now
   * @param {number} end When the sound scheduled so far ends.
   * @param {number | null} [hold] The lag of the picture.
   * @returns {Playing | null} `null` for a packet that does not play.
   */
  push(packet, now, end, hold = null) {
    const last = this.#last;
    // Only a path without order would bring it.
    if (last && packet.sequence <= last.sequence) return null;
    this.#last = packet;
    const replaced = this.#replaced;
    this.#replaced = 0;
    if (!last) this.#settledAt = now + SETTLING_MS;
    const maxError = now < this.#settledAt ? MAX_FIRST_ERROR_MS : MAX_ERROR_MS;
    const transit = now - packet.at;
    const missing = last ? packet.sequence - last.sequence - 1 : 0;
    const expected = last ? last.at + (missing + 1) * last.duration : packet.at;
    let step = packet.at - expected;
    // A pause of the sender does not make packets faster than the fastest.
    if (step <= -STEP_MS || (step >= STEP_MS && transit < this.#lateness.shortest - STEP_MS)) {
      this.#lateness.shift(-step);
      step = 0;
    }
    const late = this.#lateness.add(now, transit);

    const isDry = this.#ranOut || this.#burstSince !== null || end < now + SPARE_MS;
    if (last && !isDry && missing <= MAX_CONCEALED && step < STEP_MS) {
      const error = end + missing * packet.duration - this.#due(packet, hold);
      if (error > maxError || (this.#skips && error > 0)) return this.#skip();
      if (error >= -maxError) {
        this.#lost += replaced;
        return this.#go(missing, error, packet.duration);
      }
    }

    const hole = Math.max(0, step) + missing * packet.duration;
    const isPause = hole >= STEP_MS && late < this.delay / 2;
    if (last && !isPause) this.#lost += missing + replaced;
    if (last && isDry && !isPause && this.#burstSince === null) {
      this.#gaps++;
      this.#burstSince = now;
    }
    const earliest = Math.max(now + SPARE_MS, end);
    if (this.#due(packet, hold) < earliest && this.#burstSince !== null) {
      if (now - this.#burstSince < BURST_MS) {
        this.#lost++;
        return null;
      }
      // The link has become slower, and may remain so.
      this.#lateness.restart(transit);
    }
    return this.#begin(Math.max(this.#due(packet, hold), earliest));
  }

  /**
   * @param {Arrived} packet
   * @param {number | null} hold
   */
  #due(packet, hold) {
    const { shortest, delay } = this.#lateness;
    return packet.at +
      Math.max(shortest + delay, Math.min(hold ?? -Infinity, shortest + MAX_HOLD_MS));
  }

  /**
   * @param {number} missing
   * @param {number} error How much too late the packet plays.
   * @param {number} duration
   * @returns {Playing}
   */
  #go(missing, error, duration) {
    const fadesIn = this.#skips;
    this.#skips = false;
    this.#lost += missing;
    this.#rate = this.#control.follow(error, duration);
    return { start: null, missing, rate: this.#rate, fadesIn, fadesOut: false };
  }

  /** @returns {Playing | null} */
  #skip() {
    const fadesOut = !this.#skips;
    this.#skips = true;
    if (!fadesOut) this.#lost++;
    return fadesOut ? { start: null, missing: 0, rate: 1, fadesIn: false, fadesOut } : null;
  }

  /**
   * @param {number} start
   * @returns {Playing}
   */
  #begin(start) {
    this.#ranOut = this.#skips = false;
    this.#burstSince = null;
    this.#rate = 1;
    return { start, missing: 0, rate: 1, fadesIn: true, fadesOut: false };
  }
}
