import type { Rendition } from "../../media/rendition.ts";
import { Congestion } from "./congestion.ts";
import type { Ladder, Rung } from "./ladder.ts";
import type { Link } from "./link.ts";
import { PROBE_STEP, Prober } from "./prober.ts";
import type { Probes } from "./probes.ts";

/** What bounds a session's rendition besides its link. */
export interface Bounds {
  /** The best it may have: the viewer's choice, or what motion gives. */
  readonly ceiling: Rendition;
  /** Frames a second that it could be sent. */
  readonly fps: number;
  /** Bits a second that it may use: its share of the uplink, or what its URL asks for. */
  readonly allowance: number;
}

/** What keeps a session from its ceiling; `null` when nothing does. */
export type Obstacle = "link" | "allowance" | null;

/** The part of a link's capacity that is used, to leave room for frames that come out larger. */
const USED = 0.9;
/** A link that was found to carry this many times as much is worth a change at once. */
const MUCH = 1.3;
/** A link that carries less than this part of what it is given has room for nothing better. */
const CARRIED = 0.9;
/** Lost packets alone never lower the rate below this share of it in one step. */
const LEAST_AFTER_LOSS = 0.7;
/** A rendition that needs more of a link than this fills it. */
const FULL = 0.93;
/** A link is measured for this long after lowering, before it is lowered again. Milliseconds. */
const SETTLE_MS = 400;
/** Swings of sizes and shares alone change a rendition only this long after the last change. Milliseconds. */
const CALM_MS = 3000;
/** A rendition is kept while it needs no more than this many times what there is. */
const TOLERANCE = 1.08;
/** The same soon after a change. */
const LARGE_TOLERANCE = 1.25;
/** While the page listens, a frame keeps the link busy no longer than this. Milliseconds. */
const LONGEST_FRAME_MS = 50;

/** A probe tries so many bits a second more at least, to get past a token bucket on the way. */
const LEAST_EXCESS = 300_000;
/** A session with this many times as much leaves some of a shared link to the other. */
const RICHER = 1.15;
/** What is noticed again within this time is the same probe; beyond the other, chance. Milliseconds. */
const SAME_PROBE_MS = 1500;
const REMEMBERED_MS = 12_000;
/** What was done about a queue longer ago than this is not taken back. Milliseconds. */
const ACQUITTED_MS = 10_000;
/**
 * Chooses what a session is given so that its link carries it without a queue: lowers at once, raises
 * with care, after a probe whose padding nobody sees.
 */
export class Controller {
  readonly #ladder: Ladder;
  readonly #link: Link;
  readonly #probes: Probes;
  readonly #congestion: Congestion;
  readonly #prober: Prober;
  /** Bits a second that the link is trusted to carry. */
  #limit = Infinity;
  /** Bits a second that the link carries of the sound. */
  #reserved = 0;
  /** Until then, what was done about a queue may still take effect. */
  #settledAt = -Infinity;
  #given: Rendition | null = null;
  #ceiling: Rendition | null = null;
  #changedAt = -Infinity;
  #changes = 0;
  #obstacle: Obstacle = null;
  /** When the link was last found to carry less than everything. */
  #loweredAt = -Infinity;
  /** When the probes of sessions with less were last noticed. Milliseconds. */
  #noticed = new WeakMap<object, number>();

  /**
   * Trusts the link to carry everything.
   *
   * @param probes Those of all sessions that may share a link with this one.
   */
  constructor(ladder: Ladder, link: Link, probes: Probes) {
    this.#ladder = ladder;
    this.#link = link;
    this.#probes = probes;
    this.#congestion = new Congestion(link);
    this.#prober = new Prober(link, probes, this.#congestion);
  }

  /** How often the link or the allowance changed the rendition. */
  get changes(): number {
    return this.#changes;
  }

  /** Whether the link is trusted to carry everything. */
  get isFree(): boolean {
    return this.#limit === Infinity;
  }

  /** What keeps the session from its ceiling. */
  get obstacle(): Obstacle {
    return this.#obstacle;
  }

  /** Bytes to add to each frame for a probe. */
  get padding(): number {
    return this.#prober.padding;
  }

  /** Returns the bits a second that would be of use, on which a fair share of an uplink depends. */
  demand({ ceiling, fps }: Bounds): number {
    const full = needOf(this.#ladder.under(ceiling)[0], fps);
    return Math.min(full, this.#limit * PROBE_STEP);
  }

  /** Leaves this many bits a second of the link to the sound. What is measured later excludes them anyway. */
  reserve(bits: number): void {
    if (bits === this.#reserved) return;
    this.#limit = Math.max(0, this.#limit - bits + this.#reserved);
    this.#reserved = bits;
  }

  /** Takes back what was done about a queue that turned out to be the reader's, not the link's. */
  acquit(now: number): void {
    this.#link.forget();
    if (now - this.#loweredAt > ACQUITTED_MS) return;
    if (this.#prober.isRunning) this.#prober.fail(now);
    this.#limit = Infinity;
    this.#changedAt = -Infinity;
  }

  /** Counts a frame to be sent; `held` if the link had no room for it. */
  offered(held: boolean): void {
    this.#congestion.offered(held);
  }

  /**
   * Decides what the session is given from now on. To be called once for each frame.
   *
   * @param taken The share of all frames that a late reader takes; `bounds` count only those.
   */
  decide(now: number, bounds: Bounds, taken: number | null = null): Rendition {
    return this.#decide(now, this.#reserved > 0 ? inSmallFrames(bounds) : bounds, taken);
  }

  #decide(now: number, bounds: Bounds, taken: number | null): Rendition {
    if (this.#congestion.confirm(now, this.#prober.isRunning, taken)) this.#yield(now, bounds);
    else if (this.#limit < Infinity) this.#explore(now, bounds);
    if (!this.#prober.isRunning && this.#congestion.isNear) this.#giveWay(now, bounds);
    // Most sessions most of the time: nothing is in their way.
    const isFree = this.#limit === Infinity && bounds.allowance === Infinity;
    return isFree && bounds.ceiling === this.#given ? bounds.ceiling : this.#choose(now, bounds);
  }

  #yield(now: number, { fps }: Bounds): void {
    if (this.#prober.isRunning) {
      // What was probed is too much; what is given need not be.
      this.#fail(now);
      return;
    }
    if (this.#link.seesQueues && !this.#congestion.isQueue) this.#link.settle();
    const { capacity } = this.#link;
    if (capacity === Infinity || now < this.#settledAt) return;
    const need = this.#needOfGiven(fps);
    // What needs less than that leaves room enough for the queue to go away by itself.
    if (need < FULL * capacity && need <= this.#limit) return;
    if (this.#limit === Infinity) {
      this.#prober.plan(now);
      this.#loweredAt = now;
    }
    // Loss is often temporary, so the rate falls in small steps.
    const isLoss = this.#link.isIdle && !this.#congestion.isStuck;
    const least = isLoss ? LEAST_AFTER_LOSS * need : 0;
    this.#limit = Math.max(USED * capacity, least);
    this.#settledAt = now + this.#settling;
  }

  #fail(now: number): void {
    const rate = this.#prober.fail(now);
    // While more was sent than the link carries, what arrived shows what it does.
    if (this.#link.capacity < rate) this.#limit = Math.max(this.#limit, USED * this.#link.capacity);
    this.#settledAt = now + this.#settling;
  }

  /** How long it takes until a change shows in what arrives. Milliseconds. */
  get #settling(): number {
    return SETTLE_MS + 2 * this.#link.baseDelay;
  }

  /** Two queue build-ups during the probes of a session with less mean that the link is shared. */
  #giveWay(now: number, { fps }: Bounds): void {
    const need = this.#needOfGiven(fps);
    for (const prober of this.#probes.below(need / RICHER, now)) {
      const before = this.#noticed.get(prober) ?? -Infinity;
      if (now - before < SAME_PROBE_MS) continue;
      this.#noticed.set(prober, now);
      if (now - before > REMEMBERED_MS) continue;
      this.#noticed = new WeakMap();
      this.#prober.postpone(now, this.isFree);
      this.#limit = Math.min(this.#limit, USED * need);
      return;
    }
  }

  #explore(now: number, bounds: Bounds): void {
    if (!this.#prober.isRunning) this.#probe(now, bounds);
    else if (!this.#prober.isOver(now)) return;
    else if (this.#congestion.isNear) this.#fail(now);
    else {
      const rate = this.#prober.succeed(now);
      const top = needOf(this.#ladder.under(bounds.ceiling)[0], bounds.fps);
      this.#limit = rate >= top * TOLERANCE ? Infinity : rate;
      // A little more is no reason for another change soon after the last.
      if (rate >= MUCH * this.#needOfGiven(bounds.fps)) this.#changedAt = -Infinity;
    }
  }

  /** Begins a probe if it is time and there is something better to give. */
  #probe(now: number, { fps, allowance, ceiling }: Bounds): void {
    const need = this.#needOfGiven(fps);
    // Frames are held back as it is.
    if (this.#link.capacity < CARRIED * Math.min(need, allowance)) return;
    // It is carried without a queue.
    this.#limit = Math.max(this.#limit, need);
    if (!this.#prober.isDue(now) || this.#congestion.isNear) return;
    const rungs = this.#ladder.under(ceiling);
    const better = rungs.findLast((rung) => needOf(rung, fps) > need);
    if (!better) return;
    const top = needOf(rungs[0], fps);
    const next = Math.min(top, Math.max(needOf(better, fps), this.#prober.step * need));
    const least = Math.max(1.05 * this.#limit, need + LEAST_EXCESS);
    const rate = Math.min(Math.max(1.1 * next, least), allowance);
    if (needOf(better, fps) * TOLERANCE > allowance) return;
    this.#prober.begin(now, { need, rate, fps });
  }

  #needOfGiven(fps: number): number {
    return this.#given ? this.#ladder.bytesOf(this.#given) * 8 * fps : 0;
  }

  #choose(now: number, { ceiling, fps, allowance }: Bounds): Rendition {
    const budget = Math.min(this.#limit, allowance);
    const rungs = this.#ladder.under(ceiling);
    let rung = bestWithin(rungs, budget, fps);
    if (this.#given && ceiling === this.#ceiling) {
      // Compared even if it is no longer worth a rung of its own.
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

  /** A link is not probed beyond the allowance, so it is to blame only for what is less than that. */
  #nameObstacle(rungs: readonly Rung[], given: Rung, fps: number, allowance: number): Obstacle {
    if (allowance <= this.#limit) return "allowance";
    const isLess = bestWithin(rungs, allowance / TOLERANCE, fps).bytes > given.bytes;
    return isLess || needOf(given, fps) > this.#limit ? "link" : "allowance";
  }
}

/** Returns bounds under which frames are so small that sound does not wait long behind one: as if there were more. */
function inSmallFrames({ ceiling, fps, allowance }: Bounds): Bounds {
  const more = Math.max(1, 1000 / LONGEST_FRAME_MS / fps);
  return { ceiling, fps: fps * more, allowance: allowance * more };
}

function needOf(rung: Rung, fps: number): number {
  return rung.bytes * 8 * fps;
}

/** The best rung within the budget; the last one when none is. */
function bestWithin(rungs: readonly Rung[], budget: number, fps: number): Rung {
  return rungs.find((rung) => needOf(rung, fps) <= budget) ?? rungs.at(-1)!;
}
