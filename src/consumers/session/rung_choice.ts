import type { Rendition } from "../../media/rendition.ts";
import type { Ladder } from "./ladder.ts";
import { bestWithin, heightIn, needOf, type Rung } from "./rung.ts";
import type { VideoOffer } from "./video_offer.ts";

/** What keeps a session from its ceiling; `null` when nothing does. */
export type Obstacle = "link" | "allowance" | null;

/** A rendition is kept while it needs no more than this many times what there is. */
export const TOLERANCE = 1.08;
/** The same soon after a change. */
const LARGE_TOLERANCE = 1.25;
/** Swings of sizes and shares alone change a rendition only this long after the last change. Milliseconds. */
const CALM_MS = 3000;

/** What the choice of a rung depends on. */
export interface ChoiceNeed {
  /** Monotonic time, milliseconds. */
  readonly now: number;
  /** Whether what was done about a queue may still take effect. */
  readonly isSettling: boolean;
  /** The best that the session may have. */
  readonly ceiling: Rendition;
  /** Frames a second. */
  readonly fps: number;
  /** Bits a second that the link is trusted to carry. */
  readonly limit: number;
  /** Bits a second that the session may use. */
  readonly allowance: number;
  /** What it may be given of H.264. */
  readonly offer?: VideoOffer | null;
}

/** Chooses the rung of a ladder that a session is given, and keeps it through small swings. */
export class RungChoice {
  readonly #ladder: Ladder;
  #given: Rendition | null = null;
  #ceiling: Rendition | null = null;
  #changedAt = -Infinity;
  #changes = 0;
  #obstacle: Obstacle = null;
  /** The JPEG that was given last, and the bytes of the H.264 that was. */
  #picture: Rendition | null = null;
  #videoBytes = 0;

  /** Has chosen nothing yet. */
  constructor(ladder: Ladder) {
    this.#ladder = ladder;
  }

  /** What is given; `null` before the first choice. */
  get given(): Rendition | null {
    return this.#given;
  }

  /** Whether that is H.264. */
  get isVideo(): boolean {
    return this.#given?.codec === "h264";
  }

  /** The JPEG that was given last; `null` for none. */
  get picture(): Rendition | null {
    return this.#picture;
  }

  /** How often another rendition was chosen under the same ceiling. */
  get changes(): number {
    return this.#changes;
  }

  /** What keeps the session from its ceiling. */
  get obstacle(): Obstacle {
    return this.#obstacle;
  }

  /** Lets the next change come at once. */
  hasten(): void {
    this.#changedAt = -Infinity;
  }

  /** Returns the bits a second of what is given. */
  needAt(fps: number): number {
    return this.#given ? needOf(this.#rungOf(this.#given), fps) : 0;
  }

  /** Returns the rung that is given, by an offer of H.264; `null` before the first choice. */
  rungIn(offer?: VideoOffer | null): Rung | null {
    return this.#given && this.#rungOf(this.#given, offer);
  }

  /** Chooses what the session is given from now on. To be called once for each frame. */
  choose({ now, isSettling, ceiling, fps, limit, allowance, offer }: ChoiceNeed): Rendition {
    const budget = Math.min(limit, allowance);
    const rungs = this.#ladder.under(ceiling, offer);
    let rung = bestWithin(rungs, budget, fps);
    const isGiven = (one: Rung) => one.rendition === this.#given;
    // H.264 is the same under any ceiling, such as those that follow motion.
    const canStay = ceiling === this.#ceiling
      ? !this.isVideo || offer?.rungs.some(isGiven)
      : this.isVideo && rungs.some(isGiven);
    if (this.#given && canStay) {
      // Compared even if it is no longer worth a rung of its own.
      const same = this.#rungOf(this.#given, offer);
      const height = (one: Rung) => heightIn(rungs, one);
      if (height(rung) > height(same)) rung = bestWithin(rungs, budget / TOLERANCE, fps);
      const isCalm = now - this.#changedAt >= CALM_MS;
      const tolerance = isCalm || isSettling ? TOLERANCE : LARGE_TOLERANCE;
      // H.264 that no longer pays is left in its own time, and JPEGs for H.264 that shows more with less.
      const isVideo = this.isVideo || rung.rendition.codec === "h264";
      const isWorthIt = !isVideo || !isCalm || rungs.some(isGiven);
      const isKept = isWorthIt && height(rung) < height(same)
        ? needOf(same, fps) <= budget * tolerance
        : isWorthIt && (!isCalm || height(rung) === height(same));
      if (isKept) rung = same;
      else if (rung.rendition !== same.rendition) {
        this.#changes++;
        this.#changedAt = now;
      }
    }
    this.#given = rung.rendition;
    if (this.isVideo) this.#videoBytes = rung.bytes;
    else this.#picture = rung.rendition;
    this.#ceiling = ceiling;
    this.#obstacle = rung.rendition === rungs[0].rendition
      ? null
      : nameObstacle(rungs, rung, fps, limit, allowance);
    return rung.rendition;
  }

  /** Returns a rendition and its bytes; of H.264, those of the offer or the last one before. */
  #rungOf(rendition: Rendition, offer?: VideoOffer | null): Rung {
    if (rendition.codec === "jpeg") return { rendition, bytes: this.#ladder.bytesOf(rendition) };
    const offered = offer?.rungs.find((rung) => rung.rendition === rendition);
    if (offered) this.#videoBytes = offered.bytes;
    return offered ?? { rendition, bytes: this.#videoBytes };
  }
}

/** A link is not probed beyond the allowance, so it is to blame only for what is less than that. */
function nameObstacle(
  rungs: readonly Rung[],
  given: Rung,
  fps: number,
  limit: number,
  allowance: number,
): Obstacle {
  if (allowance <= limit) return "allowance";
  const isLess = heightIn(rungs, bestWithin(rungs, allowance / TOLERANCE, fps)) >
    heightIn(rungs, given);
  return isLess || needOf(given, fps) > limit ? "link" : "allowance";
}
