import type { Rendition } from "../../media/rendition.ts";
import { Congestion } from "./congestion.ts";
import type { Ladder, Rung } from "./ladder.ts";
import type { Link } from "./link.ts";
import type { Trials } from "./trials.ts";

/** What bounds a viewer's rendition besides their link. */
export interface Bounds {
  /** The best they may have: their choice, or what the streamer's motion gives. */
  readonly ceiling: Rendition;
  /** Frames a second that they could be sent. */
  readonly fps: number;
  /** Bits a second that they may have at most: their share of the uplink, or what they asked for. */
  readonly allowance: number;
}

/** What keeps a viewer from their ceiling; `null` when nothing does. */
export type Obstacle = "link" | "allowance" | null;

/** So much of what a link carries is used, to leave room for frames that come out larger. */
const USED = 0.85;
/** What needs more of a link than this fills it. */
const FULL = 0.93;
/** After a change for the worse that did not help enough, the link has to be measured anew. Milliseconds. */
const SETTLE_MS = 400;
/** Sizes and shares swing; that alone changes a rendition no sooner after the last time. Milliseconds. */
const CALM_MS = 3000;
/** A rendition is kept while it needs no more than this in proportion to what there is. */
const TOLERANCE = 1.08;
/** The same soon after a change. */
const LARGE_TOLERANCE = 1.25;

/** Who has so many times as much leaves some of a shared link to others. */
const RICHER = 1.15;
/** What is felt so soon again is the same trial; what is felt later than that is chance. Milliseconds. */
const SAME_TRIAL_MS = 1500;
const REMEMBERED_MS = 12_000;

/**
 * A trial sends so many bytes more than the link is known to carry, before the picture gets better:
 * what a token bucket on the way lets through at once, and then some.
 */
const TRIAL_BYTES = 110_000;
const SHORTEST_TRIAL_MS = 500;
const LONGEST_TRIAL_MS = 1500;
/** How much more; each trial after one that succeeded goes further. */
const TRIAL_STEP = 1.35;
const TRIAL_STEP_GROWTH = 1.25;
const LONGEST_TRIAL_STEP = 4;
/** Between two trials when the first one failed: it costs the viewer frames. Milliseconds. */
const FIRST_PATIENCE_MS = 2500;
const LAST_PATIENCE_MS = 3500;
/** Between two trials of a link whose queue is not seen. Milliseconds. */
const BLIND_PATIENCE_MS = 20_000;
/** What was done about a queue longer ago than that is not taken back. Milliseconds. */
const ACQUITTED_MS = 10_000;
/** Between two trials when the first one succeeded. Milliseconds. */
const EAGER_MS = 250;

/**
 * Chooses what a viewer is given, so that their link carries it without a queue: at once for the
 * worse, with care for the better. Whether a link carries more is tried out with bytes that
 * nobody sees (see `padding`), so that a link that does not never makes the picture change.
 */
export class Controller {
  readonly #ladder: Ladder;
  readonly #link: Link;
  readonly #trials: Trials;
  readonly #congestion: Congestion;
  /** Bits a second that the link is trusted to carry. */
  #limit = Infinity;
  /** Until then, what was done about a queue may still take effect. */
  #settledAt = -Infinity;
  #given: Rendition | null = null;
  #ceiling: Rendition | null = null;
  #changedAt = -Infinity;
  #changes = 0;
  #obstacle: Obstacle = null;
  #trial: { readonly until: number; readonly rate: number } | null = null;
  #nextTrial = Infinity;
  #step = TRIAL_STEP;
  #patience = FIRST_PATIENCE_MS;
  /** When the link was last found to carry less than everything. */
  #loweredAt = -Infinity;
  #padding = 0;
  /** When those with less were last felt to try out more. Milliseconds. */
  #felt = new WeakMap<object, number>();

  constructor(ladder: Ladder, link: Link, trials: Trials) {
    this.#ladder = ladder;
    this.#link = link;
    this.#trials = trials;
    this.#congestion = new Congestion(link);
  }

  /** How often the link or the allowance changed the rendition. */
  get changes(): number {
    return this.#changes;
  }

  /** Whether the link is trusted to carry everything. */
  get isFree(): boolean {
    return this.#limit === Infinity;
  }

  get obstacle(): Obstacle {
    return this.#obstacle;
  }

  /** Bytes to add to each frame while it is tried out whether the link carries more. */
  get padding(): number {
    return this.#padding;
  }

  /** Bits a second that would be of use to this viewer: what sharing an uplink fairly depends on. */
  demand({ ceiling, fps }: Bounds): number {
    const full = needOf(this.#ladder.under(ceiling)[0], fps);
    return Math.min(full, this.#limit * TRIAL_STEP);
  }

  /** What was lately taken for a queue of the link was the reader's: takes back what was done about it. */
  acquit(now: number): void {
    this.#link.forget();
    if (now - this.#loweredAt > ACQUITTED_MS) return;
    if (this.#trial) this.#endTrial(now);
    this.#limit = Infinity;
    this.#changedAt = -Infinity;
  }

  /** A frame could have been sent; `held` says that the link had no room for it. */
  offered(held: boolean): void {
    this.#congestion.offered(held);
  }

  /**
   * What the viewer is to be given from now on. To be asked for each frame.
   *
   * @param taken The share of all frames that a late reader takes, which `bounds` count alone.
   */
  decide(now: number, bounds: Bounds, taken: number | null = null): Rendition {
    if (this.#congestion.isConfirmed(now, this.#trial !== null, taken)) this.#yield(now, bounds);
    else if (this.#limit < Infinity) this.#explore(now, bounds);
    if (!this.#trial && this.#congestion.isNear) this.#feel(now, bounds);
    // Most viewers most of the time: nothing is in their way.
    const isFree = this.#limit === Infinity && bounds.allowance === Infinity;
    return isFree && bounds.ceiling === this.#given ? bounds.ceiling : this.#choose(now, bounds);
  }

  #yield(now: number, { fps }: Bounds): void {
    if (this.#trial) {
      // What was tried is too much; what is given need not be.
      this.#endTrial(now);
      this.#settledAt = now + SETTLE_MS;
      return;
    }
    if (this.#link.seesQueues && !this.#congestion.isQueue) this.#link.settle();
    const { capacity } = this.#link;
    if (capacity === Infinity || now < this.#settledAt) return;
    const need = this.#needOfGiven(fps);
    // What needs less than that leaves room enough for the queue to go away by itself.
    if (need < FULL * capacity && need <= this.#limit) return;
    if (this.#limit === Infinity) {
      this.#nextTrial = now + this.#wait();
      this.#loweredAt = now;
    }
    this.#limit = USED * capacity;
    this.#settledAt = now + SETTLE_MS;
  }

  /** A queue while one with less tries out more: if that happens again, the link is shared. */
  #feel(now: number, { fps }: Bounds): void {
    const need = this.#needOfGiven(fps);
    for (const who of this.#trials.below(need / RICHER, now)) {
      const before = this.#felt.get(who) ?? -Infinity;
      if (now - before < SAME_TRIAL_MS) continue;
      this.#felt.set(who, now);
      if (now - before > REMEMBERED_MS) continue;
      this.#felt = new WeakMap();
      // Who was free until now has no trial ahead, and must not stay without one.
      const planned = this.#limit === Infinity ? now : this.#nextTrial;
      this.#nextTrial = Math.max(planned, now + 2 * LAST_PATIENCE_MS);
      this.#limit = Math.min(this.#limit, USED * need);
      return;
    }
  }

  #explore(now: number, bounds: Bounds): void {
    const trial = this.#trial;
    if (trial) {
      if (now < trial.until) return;
      if (this.#congestion.isNear) {
        this.#endTrial(now);
        return;
      }
      this.#trial = null;
      this.#trials.end(this, now);
      this.#padding = 0;
      this.#link.presume(0);
      this.#limit = trial.rate;
      this.#link.raise(trial.rate);
      this.#patience = FIRST_PATIENCE_MS;
      this.#step = Math.min(LONGEST_TRIAL_STEP, this.#step * TRIAL_STEP_GROWTH);
      this.#nextTrial = now + (this.#link.seesQueues ? EAGER_MS : this.#wait());
      const top = needOf(this.#ladder.under(bounds.ceiling)[0], bounds.fps);
      if (trial.rate >= top * TOLERANCE) this.#limit = Infinity;
      this.#changedAt = -Infinity;
      return;
    }
    const need = this.#needOfGiven(bounds.fps);
    // It is carried without a queue.
    this.#limit = Math.max(this.#limit, need);
    if (now < this.#nextTrial || this.#congestion.isNear) return;
    const { fps, allowance, ceiling } = bounds;
    const rungs = this.#ladder.under(ceiling);
    const better = rungs.findLast((rung) => needOf(rung, fps) > need);
    if (!better) return;
    const top = needOf(rungs[0], fps);
    const next = Math.max(needOf(better, fps), this.#step * need, this.#limit * 1.1);
    const rate = Math.min(1.1 * Math.min(next, top), allowance);
    if (needOf(better, fps) * TOLERANCE > allowance) return;
    const known = Math.max(need, Math.min(this.#link.capacity, 0.9 * rate));
    const duration = TRIAL_BYTES * 8000 / (rate - known);
    const bounded = Math.min(LONGEST_TRIAL_MS, Math.max(SHORTEST_TRIAL_MS, duration));
    this.#trial = { until: now + bounded, rate };
    this.#trials.begin(this, need, now + bounded);
    this.#link.presume(rate);
    this.#congestion.beginTrial();
    this.#padding = Math.round((rate - need) / 8 / fps);
  }

  #endTrial(now: number): void {
    this.#trial = null;
    this.#trials.end(this, now);
    this.#padding = 0;
    this.#link.presume(0);
    this.#step = TRIAL_STEP;
    this.#nextTrial = now + this.#wait();
    this.#patience = Math.min(LAST_PATIENCE_MS, this.#patience * 1.4);
  }

  #needOfGiven(fps: number): number {
    return this.#given ? this.#ladder.bytesOf(this.#given) * 8 * fps : 0;
  }

  /** Until the next trial. Where queues are not seen, it takes long until a trial shows any. */
  #wait(): number {
    return this.#link.seesQueues ? this.#patience : BLIND_PATIENCE_MS;
  }

  #choose(now: number, { ceiling, fps, allowance }: Bounds): Rendition {
    const budget = Math.min(this.#limit, allowance);
    const rungs = this.#ladder.under(ceiling);
    let rung = bestWithin(rungs, budget, fps);
    if (this.#given && ceiling === this.#ceiling) {
      // Whether or not it is still worth a rung of its own.
      const same = { rendition: this.#given, bytes: this.#ladder.bytesOf(this.#given) };
      if (rung.bytes > same.bytes) rung = bestWithin(rungs, budget / TOLERANCE, fps);
      const isCalm = now - this.#changedAt >= CALM_MS;
      const isSettling = now < this.#settledAt;
      const tolerance = isCalm || isSettling ? TOLERANCE : LARGE_TOLERANCE;
      const isKept = rung.bytes < same.bytes
        ? needOf(same, fps) <= budget * tolerance
        : !isCalm || rung.bytes === same.bytes;
      if (isKept) rung = same;
      else if (rung.rendition !== same.rendition) {
        this.#changes++;
        this.#changedAt = now;
      }
    }
    this.#given = rung.rendition;
    this.#ceiling = ceiling;
    this.#obstacle = rung.rendition === ceiling
      ? null
      : this.#nameObstacle(rungs, rung, fps, allowance);
    return rung.rendition;
  }

  /** A link is not tried for more than the allowance, so it is to blame only for what is less than that. */
  #nameObstacle(rungs: readonly Rung[], given: Rung, fps: number, allowance: number): Obstacle {
    if (allowance <= this.#limit) return "allowance";
    const isLess = bestWithin(rungs, allowance / TOLERANCE, fps).bytes > given.bytes;
    return isLess || needOf(given, fps) > this.#limit ? "link" : "allowance";
  }
}

function needOf(rung: Rung, fps: number): number {
  return rung.bytes * 8 * fps;
}

/** The best rung within the budget; the last one when none is. */
function bestWithin(rungs: readonly Rung[], budget: number, fps: number): Rung {
  return rungs.find((rung) => needOf(rung, fps) <= budget) ?? rungs.at(-1)!;
}
