import type { Congestion } from "./congestion.ts";
import type { Link } from "./link.ts";
import type { Probes } from "./probes.ts";

/**
 * A probe sends this many bytes more than the link is known to carry before the picture gets better:
 * more than a token bucket on the way lets through at once.
 */
const PROBE_BYTES = 110_000;
const SHORTEST_PROBE_MS = 500;
const LONGEST_PROBE_MS = 1500;
/** It takes so many round trips until TCP sends what it is given, and until that shows. */
const PROBE_TRIPS = 4;
/** How much more a probe tries; each one after a success goes further. */
export const PROBE_STEP = 1.35;
const STEP_GROWTH = 1.25;
const LARGEST_STEP = 4;
/** Each one after a failure goes half as far, but not less far than this. */
const SMALLEST_STEP = 1.12;
/** Between two probes when the first one failed, which costs the viewer frames. Milliseconds. */
const FIRST_PATIENCE_MS = 2500;
const LAST_PATIENCE_MS = 3500;
/** Between two probes of a link whose queues cannot be seen. Milliseconds. */
const BLIND_PATIENCE_MS = 20_000;
/** Between two probes when the first one succeeded. Milliseconds. */
const EAGER_MS = 250;

/** A probe to begin. */
export interface ProbePlan {
  /** Bits a second that the session has now. */
  readonly need: number;
  /** Bits a second to try. */
  readonly rate: number;
  /** Frames a second that carry the padding. */
  readonly fps: number;
  /** Whether it may bear the queues that key packets of others make, as much is gained. Default: false. */
  readonly isPatient?: boolean;
}

/**
 * Runs the probes of one session: sends padding that nobody sees to find out whether the link carries
 * more. A failed probe never causes a visible change.
 */
export class Prober {
  readonly #link: Link;
  readonly #probes: Probes;
  readonly #congestion: Congestion;
  #running: { readonly until: number; readonly rate: number } | null = null;
  #nextAt = Infinity;
  #step = PROBE_STEP;
  /** Whether the last one did. */
  #hasSucceeded = true;
  #patience = FIRST_PATIENCE_MS;
  #padding = 0;

  /**
   * Plans no probe yet.
   *
   * @param probes Those of all sessions that may share a link with this one.
   */
  constructor(link: Link, probes: Probes, congestion: Congestion) {
    this.#link = link;
    this.#probes = probes;
    this.#congestion = congestion;
  }

  /** Whether a probe runs. */
  get isRunning(): boolean {
    return this.#running !== null;
  }

  /** Bytes to add to each frame while a probe runs. */
  get padding(): number {
    return this.#padding;
  }

  /** How much more than now the next probe tries. */
  get step(): number {
    return this.#step;
  }

  /** Returns whether it is time for the next probe. */
  isDue(now: number): boolean {
    return now >= this.#nextAt;
  }

  /** Returns whether the running probe has lasted long enough to be judged. */
  isOver(now: number): boolean {
    return this.#running !== null && now >= this.#running.until;
  }

  /** Plans the first probe after the link was found to carry less than everything. */
  plan(now: number): void {
    this.#nextAt = now + this.#wait();
  }

  /** Puts the next probe off, as the link is shared with one that has less. */
  postpone(now: number, isFree: boolean): void {
    // A session that was free until now has no probe planned, and must not stay without one.
    const planned = isFree ? now : this.#nextAt;
    this.#nextAt = Math.max(planned, now + 2 * LAST_PATIENCE_MS);
  }

  /** Begins a probe. */
  begin(now: number, { need, rate, fps, isPatient = false }: ProbePlan): void {
    const known = Math.max(need, Math.min(this.#link.capacity, 0.9 * rate));
    const duration = PROBE_BYTES * 8000 / (rate - known);
    const least = Math.max(SHORTEST_PROBE_MS, PROBE_TRIPS * this.#link.baseDelay);
    const bounded = Math.max(least, Math.min(LONGEST_PROBE_MS, duration));
    this.#running = { until: now + bounded, rate };
    this.#probes.begin(this, need, now + bounded);
    this.#link.presume(rate);
    this.#congestion.beginProbe(isPatient);
    this.#padding = Math.round((rate - need) / 8 / fps);
  }

  /** Ends the probe as a success and returns the bits a second that the link has carried. */
  succeed(now: number): number {
    const { rate } = this.#running!;
    this.#end(now);
    this.#link.raise(rate);
    this.#patience = FIRST_PATIENCE_MS;
    // The first one after a failure is near what the link carries.
    if (this.#hasSucceeded) this.#step = Math.min(LARGEST_STEP, this.#step * STEP_GROWTH);
    this.#hasSucceeded = true;
    this.#nextAt = now + (this.#link.seesQueues ? EAGER_MS : this.#wait());
    return rate;
  }

  /** Ends the probe as a failure, and returns the bits a second that were too much. */
  fail(now: number): number {
    const { rate } = this.#running!;
    this.#end(now);
    this.#hasSucceeded = false;
    this.#step = Math.max(SMALLEST_STEP, 1 + (Math.min(PROBE_STEP, this.#step) - 1) / 2);
    this.#nextAt = now + this.#wait();
    this.#patience = Math.min(LAST_PATIENCE_MS, this.#patience * 1.4);
    return rate;
  }

  #end(now: number): void {
    this.#running = null;
    this.#congestion.endProbe();
    this.#probes.end(this, now);
    this.#padding = 0;
    this.#link.presume(0);
  }

  /** Until the next probe. Where queues cannot be seen, it takes long until a probe shows any. */
  #wait(): number {
    return this.#link.seesQueues ? this.#patience : BLIND_PATIENCE_MS;
  }
}
