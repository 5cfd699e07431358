/** Packets only teach until none came so much sooner for so long: ffmpeg may have kept them. Milliseconds. */
const SETTLING_MS = 300;
const SOONER_MS = 10;
/** A packet that arrives so much sooner than expected shows that the ones before were held up. Milliseconds. */
const EARLY_MS = 60;
/** Time over which the earliest arrival counts. Milliseconds. */
const BLOCK_MS = 1_000;
/** Fewest packets of such a time. */
const BLOCK_PACKETS = 25;
/** Sound cards are off by less than this. */
const MAX_DRIFT = 0.012;
/** Largest correction besides the drift: 8 ms a second, which nobody hears. */
const MAX_CORRECTION = 0.008;
/** A larger error comes from a wrong estimate rather than from the drift. Milliseconds. */
const LEARNABLE_MS = 40;
/** If even the earliest arrivals are this late, samples are missing. Milliseconds. */
const MISSING_MS = 100;
/** For this long. Less could be packets that were held up. Milliseconds. */
const MISSING_FOR_MS = 2_000;

/**
 * Estimates when each packet of a live source was captured, from its arrival.
 *
 * Packets are made at an even pace but arrive late by changing amounts. The earliest ones were hardly held up, so
 * the estimate follows those, and the pace of the source's own clock, smoothly. It jumps only if samples are missing.
 */
export class SoundClock {
  /** What the earliest packets arrive later than their first sample. */
  readonly #latency: number;
  /** When the next packet is expected to arrive, if nothing holds it up. */
  #expected = 0;
  /** How much slower the source's clock is: 0.01 is 1 %. */
  #drift = 0;
  /** What is added to the pace until the next block. */
  #correction = 0;
  /** Since when no packet came much sooner; `null` once the estimate is settled. */
  #settlingSince: number | null = null;
  #hasBegun = false;
  #last = -Infinity;
  #blockStart = 0;
  #packets = 0;
  #earliest = Infinity;
  #lateSince: number | null = null;

  /**
   * Creates a clock that knows nothing yet.
   *
   * @param latency How much later than its first sample a packet arrives if nothing holds it up. Milliseconds.
   */
  constructor(latency: number) {
    this.#latency = latency;
  }

  /**
   * Takes a packet.
   *
   * @param arrival When it arrived, on a monotonic clock. Milliseconds.
   * @param duration How long it plays. Milliseconds.
   * @returns When its first sample was captured, on the same clock; `null` if that is not known yet, and the packet
   * should be dropped.
   */
  stamp(arrival: number, duration: number): number | null {
    if (!this.#hasBegun || arrival < this.#expected - EARLY_MS) this.#settleAt(arrival);
    if (this.#settlingSince !== null) this.#settle(arrival, this.#settlingSince);
    else this.#learn(arrival);
    const at = this.#expected - this.#latency;
    this.#expected += duration * (1 + this.#drift + this.#correction);
    if (this.#settlingSince !== null || at <= this.#last) return null;
    return this.#last = at;
  }

  #settleAt(arrival: number): void {
    this.#hasBegun = true;
    this.#settlingSince = this.#expected = arrival;
    this.#correction = 0;
  }

  #settle(arrival: number, since: number): void {
    if (arrival < this.#expected - SOONER_MS) this.#settlingSince = arrival;
    else if (arrival - since >= SETTLING_MS) {
      this.#settlingSince = this.#lateSince = null;
      this.#startBlock(arrival);
    }
    this.#expected = Math.min(this.#expected, arrival);
  }

  #learn(arrival: number): void {
    this.#earliest = Math.min(this.#earliest, arrival - this.#expected);
    this.#packets++;
    const elapsed = arrival - this.#blockStart;
    if (elapsed < BLOCK_MS || this.#packets < BLOCK_PACKETS) return;
    const late = this.#earliest;
    this.#lateSince = late > MISSING_MS ? this.#lateSince ?? arrival : null;
    if (this.#lateSince !== null) {
      this.#correction = 0;
      if (arrival - this.#lateSince >= MISSING_FOR_MS) {
        this.#expected += late;
        this.#lateSince = null;
      }
    } else {
      if (Math.abs(late) < LEARNABLE_MS) {
        this.#drift = within(MAX_DRIFT, this.#drift + 0.1 * late / BLOCK_MS);
      }
      this.#correction = within(MAX_CORRECTION, 0.5 * late / BLOCK_MS);
    }
    this.#startBlock(arrival);
  }

  #startBlock(arrival: number): void {
    this.#blockStart = arrival;
    this.#packets = 0;
    this.#earliest = Infinity;
  }
}

function within(limit: number, value: number): number {
  return Math.max(-limit, Math.min(limit, value));
}
