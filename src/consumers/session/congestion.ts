import type { Link } from "./link.ts";

/** A queue that is longer is congestion. Milliseconds. */
const CONGESTED_MS = 100;
/** It lasts this long before anything is done about it: another session's probe is over sooner. */
const CONFIRMED_MS = 300;
/** A longer queue is nobody's probe. Milliseconds. */
const SEVERE_MS = 200;
/** More than this share of frames held back is congestion too: quality goes before frame rate. */
const HELD_BACK = 0.15;
/** Counted over at least this many frames and this time. */
const HELD_BACK_FRAMES = 8;
const HELD_BACK_WINDOW_MS = 500;
/** The same if packets do not queue, since TCP may be repairing a loss. Milliseconds. */
const REPAIR_MS = 2000;
/** If more than this share of the frames is held back for this long, the cause is not a lost packet. */
const STUCK = 0.4;
const STUCK_MS = 1000;
/**
 * A queue behind a key packet of H.264 may be so much longer for this time: the packet is ten times as large as
 * others, and reaches all sessions of a shared link at once. Milliseconds.
 */
const KEY_QUEUE_MS = 150;
const KEY_SHADOW_MS = 400;
/** Round trips that get longer by this during a probe show a queue. Milliseconds. */
const INFLATED_MS = 50;
/** A probe with more frames held back has failed. */
const HELD_IN_PROBE = 1;

/** Detects that a link is given more than it carries, by its queue and by the frames held back. */
export class Congestion {
  readonly #link: Link;
  #since = Infinity;
  #frames = { offered: 0, held: 0, since: -Infinity };
  #isStuck = false;
  #heldInProbe = 0;
  #offeredInProbe = 0;
  /** Inflation of the round trip before the probe, which is jitter. Milliseconds. */
  #inflationBefore = 0;

  #isPatient = false;
  #keyAt = -Infinity;
  #shadowUntil = -Infinity;
  #now = -Infinity;

  /** Watches the queue of a link. */
  constructor(link: Link) {
    this.#link = link;
  }

  /** Whether so many frames were held back that losses do not explain it. */
  get isStuck(): boolean {
    return this.#isStuck;
  }

  /** Whether the queue is too long by now, confirmed or not. */
  get isQueue(): boolean {
    return this.#link.queueing > CONGESTED_MS + this.#keyQueue;
  }

  /** Whether the queue is so long that more than what is given now would be too much. */
  get isNear(): boolean {
    return this.#link.queueing > CONGESTED_MS / 2 + this.#keyQueue;
  }

  /** Whether a queue now may be that of a key packet. */
  get isBehindKey(): boolean {
    return this.#now < this.#shadowUntil;
  }

  /** Notes that a key packet leaves. */
  wroteKey(now: number): void {
    // Key packets that come more often than that are part of the load.
    if (now - this.#keyAt > KEY_SHADOW_MS) this.#shadowUntil = now + KEY_SHADOW_MS;
    this.#keyAt = now;
  }

  /** Counts a frame to be sent; `held` if the link had no room for it. */
  offered(held: boolean): void {
    this.#frames.offered++;
    this.#offeredInProbe++;
    if (!held) return;
    this.#frames.held++;
    if (!this.isBehindKey) this.#heldInProbe++;
  }

  /** Ends that. */
  endProbe(): void {
    this.#isPatient = false;
  }

  /**
   * Begins to count the frames of a probe.
   *
   * @param isPatient Whether the queue behind a key packet may inflate round trips.
   */
  beginProbe(isPatient: boolean): void {
    this.#isPatient = isPatient;
    this.#heldInProbe = this.#offeredInProbe = 0;
    this.#inflationBefore = this.#link.transport.inflation;
  }

  /**
   * Decides whether something has to be done about congestion. To be called once for each frame.
   *
   * @param taken The share of the frames that a late reader takes, 0..1, as the others wait for the
   * reader; `null` for a reader that is never late.
   */
  confirm(now: number, isProbe: boolean, taken: number | null): boolean {
    this.#now = now;
    const isHeldBack = this.#isHeldBack(now, taken);
    if (isProbe && (this.#isInflated || this.#heldInProbe > this.#heldAtMost)) return true;
    if (!isHeldBack && (!this.isQueue || this.#link.transport.isWaiting(now))) {
      this.#since = Infinity;
      return false;
    }
    const seenAt = this.#link.queueSeenAt(now);
    this.#since = Math.min(this.#since, seenAt);
    const lasted = seenAt - this.#since;
    // Waiting for a lost packet to be sent again is not congestion.
    if (this.#link.isIdle) return isHeldBack || lasted >= REPAIR_MS;
    const repair = this.#link.transport.roundTrip;
    return isHeldBack || (isProbe && lasted >= repair) ||
      this.#link.queueing > SEVERE_MS + this.#keyQueue + repair || lasted >= CONFIRMED_MS + repair;
  }

  get #keyQueue(): number {
    return this.isBehindKey || this.#isPatient ? KEY_QUEUE_MS : 0;
  }

  get #heldAtMost(): number {
    return HELD_IN_PROBE + (this.#link.isIdle ? HELD_BACK * this.#offeredInProbe : 0);
  }

  get #isInflated(): boolean {
    return this.#link.transport.inflation - this.#inflationBefore > INFLATED_MS +
        (this.#isPatient ? KEY_QUEUE_MS : 0);
  }

  #isHeldBack(now: number, taken: number | null): boolean {
    // Where nothing queues, a late reader's frames wait for the reader.
    if (taken !== null && this.#link.isIdle) return false;
    const { offered, held, since } = this.#frames;
    const due = (taken ?? 1) * offered;
    this.#isStuck = offered >= HELD_BACK_FRAMES && held > STUCK * offered;
    const repair = this.#isStuck ? STUCK_MS : REPAIR_MS;
    const span = this.#link.isIdle ? repair : HELD_BACK_WINDOW_MS;
    if (now - since < span || due < HELD_BACK_FRAMES) return false;
    this.#frames = { offered: 0, held: 0, since: now };
    // How many a reader takes is known less well.
    const least = taken === null ? 1 - HELD_BACK : (1 - HELD_BACK) ** 2;
    return offered - held < least * due && held > 2;
  }
}
