import type { Rendition } from "../../media/rendition.ts";
import { Congestion } from "./congestion.ts";
import type { Ladder } from "./ladder.ts";
import type { Link } from "./link.ts";
import { hasVideoIn, probeRate } from "./probe_rate.ts";
import { PROBE_STEP, Prober } from "./prober.ts";
import type { Probes } from "./probes.ts";
import { needOf } from "./rung.ts";
import { type Obstacle, RungChoice, TOLERANCE } from "./rung_choice.ts";
import { Strain } from "./strain.ts";
import { bridgeFor } from "./video_bridge.ts";
import type { VideoOffer } from "./video_offer.ts";

/** What bounds a session's rendition besides its link. */
export interface Bounds {
  /** The best it may have: the viewer's choice, or what motion gives. */
  readonly ceiling: Rendition;
  /** Frames a second that it could be sent. */
  readonly fps: number;
  /** Bits a second that it may use: its share of the uplink, or what its URL asks for. */
  readonly allowance: number;
  /** What it may be given of H.264; absent for nothing. */
  readonly offer?: VideoOffer | null;
}

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
/** While the page listens, a frame keeps the link busy no longer than this. Milliseconds. */
const LONGEST_FRAME_MS = 50;

/** H.264 that is tried after JPEGs needs so much longer to get through what is left of these. Milliseconds. */
const FIRST_TRY_MS = 600;
/** Probes of sessions with H.264 come up to so much later, as keys set them all going at once. Milliseconds. */
const PHASE_MS = 1000;

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
  readonly #phase: number;
  readonly #choice: RungChoice;
  /** Bits a second that the link is trusted to carry. */
  #limit = Infinity;
  /** Bits a second that the link carries of the sound. */
  #reserved = 0;
  /** Until then, what was done about a queue may still take effect. */
  #settledAt = -Infinity;
  readonly #strain = new Strain();
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
    this.#choice = new RungChoice(ladder);
    this.#link = link;
    this.#probes = probes;
    this.#phase = probes.nextPhase();
    this.#congestion = new Congestion(link);
    this.#prober = new Prober(link, probes, this.#congestion);
  }

  /** How often the link or the allowance changed the rendition. */
  get changes(): number {
    return this.#choice.changes;
  }

  /** Whether the link is trusted to carry everything. */
  get isFree(): boolean {
    return this.#limit === Infinity;
  }

  /** What keeps the session from its ceiling. */
  get obstacle(): Obstacle {
    return this.#choice.obstacle;
  }

  /** Bytes to add to each frame for a probe. */
  get padding(): number {
    return this.#prober.padding;
  }

  /** Returns the bits a second that would be of use, on which a fair share of an uplink depends. */
  demand({ ceiling, fps, offer }: Bounds): number {
    const full = needOf(this.#ladder.under(ceiling, offer)[0], fps);
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
    this.#choice.hasten();
  }

  /** Counts a frame to be sent; `held` if the link had no room for it. */
  offered(held: boolean): void {
    this.#congestion.offered(held);
  }

  /** Notes that a key packet leaves. */
  wroteKey(now: number): void {
    this.#congestion.wroteKey(now);
  }

  /** Returns the JPEG to give in place of the H.264 rendition for the moment. */
  bridge(video: Rendition, { ceiling, fps, allowance }: Bounds): Rendition {
    const budget = Math.min(this.#limit, allowance);
    return bridgeFor(this.#ladder, { video, ceiling, picture: this.#choice.picture, budget, fps });
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
    return isFree && !bounds.offer?.isChosen && bounds.ceiling === this.#choice.given
      ? bounds.ceiling
      : this.#choice.choose({
        ...bounds,
        ...{ now, isSettling: now < this.#settledAt, limit: this.#limit },
      });
  }

  #yield(now: number, bounds: Bounds): void {
    const { fps } = bounds;
    this.#strain.notice(now);
    if (this.#prober.isRunning) {
      // What was probed is too much; what is given need not be.
      this.#fail(now, fps);
      return;
    }
    if (this.#link.seesQueues && !this.#congestion.isQueue) this.#link.settle();
    const { capacity } = this.#link;
    if (capacity === Infinity || now < this.#settledAt) return;
    const need = this.#choice.needAt(fps);
    // What needs less than that leaves room enough for the queue to go away by itself.
    if (need < FULL * capacity && need <= this.#limit) return;
    if (this.#choice.isVideo && this.#strain.isBearable(now, need, capacity)) return;
    const floor = this.#limit === Infinity ? this.#leastToTry(bounds) : 0;
    if (this.#limit === Infinity) {
      this.#prober.plan(now);
      this.#loweredAt = now;
    }
    // Loss is often temporary, so the rate falls in small steps.
    const isLoss = this.#link.isIdle && !this.#congestion.isStuck;
    const least = isLoss ? LEAST_AFTER_LOSS * need : 0;
    this.#limit = Math.max(USED * capacity, least, floor);
    this.#settledAt = now + this.#settling + (this.#limit === floor ? FIRST_TRY_MS : 0);
  }

  /** Returns whether the size is as large as it can be. */
  #isWell({ ceiling }: Bounds): boolean {
    return this.#choice.given!.scale >= ceiling.scale;
  }

  /**
   * Returns the bits a second of the smallest H.264 in full size; 0 without any. It is tried before less: a few
   * large JPEGs do not show what a link carries, above all one on which many sessions begin at once.
   */
  #leastToTry({ ceiling, fps, offer }: Bounds): number {
    const least = this.#ladder.under(ceiling, offer).findLast(({ rendition }) =>
      rendition.codec === "h264" && rendition.scale === ceiling.scale
    );
    return least ? needOf(least, fps) : 0;
  }

  #fail(now: number, fps: number): void {
    const rate = this.#prober.fail(now);
    // While more was sent than the link carries, what arrived shows what it does.
    if (this.#link.capacity < rate) this.#limit = Math.max(this.#limit, USED * this.#link.capacity);
    if (this.#choice.isVideo) {
      // What earlier probes on the way to a JPEG found may be over.
      const known = Math.max(USED * this.#link.capacity, this.#choice.needAt(fps));
      this.#limit = Math.min(this.#limit, known);
    }
    this.#settledAt = now + this.#settling;
  }

  /** How long it takes until a change shows in what arrives. Milliseconds. */
  get #settling(): number {
    return SETTLE_MS + 2 * this.#link.baseDelay;
  }

  /** Two queue build-ups during the probes of a session with less mean that the link is shared. */
  #giveWay(now: number, { fps, ceiling, offer }: Bounds): void {
    const need = this.#choice.needAt(fps);
    let poorer = need / RICHER;
    if (this.#choice.isVideo) {
      // The next rung must not be less than the other one has.
      const lower = this.#ladder.under(ceiling, offer).find((rung) => needOf(rung, fps) < need);
      poorer = Math.min(poorer, lower ? needOf(lower, fps) : 0);
    }
    for (const prober of this.#probes.below(poorer, now)) {
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
    else if (this.#choice.isVideo && this.#isWell(bounds) && this.#congestion.isNear) {
      // What others on the link have is worth more than a little more here.
      this.#fail(now, bounds.fps);
    } else if (!this.#prober.isOver(now) || this.#congestion.isBehindKey) return;
    else if (this.#congestion.isNear) this.#fail(now, bounds.fps);
    else {
      const rate = this.#prober.succeed(now);
      const top = needOf(this.#ladder.under(bounds.ceiling, bounds.offer)[0], bounds.fps);
      this.#limit = rate >= top * TOLERANCE ? Infinity : rate;
      // A little more is no reason for another change soon after the last.
      if (rate >= MUCH * this.#choice.needAt(bounds.fps)) this.#choice.hasten();
    }
  }

  /** Begins a probe if it is time and there is something better to give. */
  #probe(now: number, bounds: Bounds): void {
    const { fps, allowance, ceiling, offer } = bounds;
    // No frame could carry the padding.
    if (fps <= 0) return;
    const need = this.#choice.needAt(fps);
    const rungs = this.#ladder.under(ceiling, offer);
    const isMixed = hasVideoIn(rungs);
    // Frames are held back as it is.
    if (this.#link.capacity < CARRIED * Math.min(need, allowance)) {
      // The smallest H.264 may need less than the smallest JPEG.
      if (isMixed && this.#link.capacity < need) {
        this.#limit = Math.max(this.#limit, USED * this.#link.capacity);
      }
      return;
    }
    // It is carried without a queue.
    this.#limit = Math.max(this.#limit, need);
    if (
      !this.#prober.isDue(isMixed ? now - this.#phase * PHASE_MS : now) || this.#congestion.isNear
    ) return;
    const given = this.#choice.rungIn(offer);
    const { step } = this.#prober;
    const limit = this.#limit;
    const rate = probeRate({ rungs, given, fps, limit, allowance, step, tolerance: TOLERANCE });
    if (rate === null) return;
    const isPatient = isMixed && !this.#isWell(bounds);
    this.#prober.begin(now, { need, rate, fps, isPatient });
  }
}

/** Returns bounds under which frames are so small that sound does not wait long behind one: as if there were more. */
function inSmallFrames({ fps, allowance, ...rest }: Bounds): Bounds {
  // A source that has stalled gives no frames at all.
  const more = fps > 0 ? Math.max(1, 1000 / LONGEST_FRAME_MS / fps) : 1;
  return { ...rest, fps: fps * more, allowance: allowance * more };
}
