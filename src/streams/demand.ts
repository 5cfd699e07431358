import type { Rendition } from "../media/rendition.ts";

/** A rendition of a frame to be made. */
export interface Wanted {
  /** The rendition. */
  readonly rendition: Rendition;
  /** How much it is wanted: about the number of addresses with viewers that want it. */
  readonly weight: number;
  /** How many consumers want it, without the program itself. */
  readonly viewers: number;
}

/** The order in which renditions are made, and how many at least. */
export interface Order<T> {
  /** All of them, in the order in which they are made. */
  readonly ordered: readonly T[];
  /** How many of them are made however little time there is. */
  readonly least: number;
}

/**
 * Renditions of one frame that one address can have made: as many as there are filters, so that people
 * who share an address seldom notice.
 */
export const MAX_PER_ORIGIN = 10;

/** Each further rendition of an address weighs this much of the one before. */
const NEXT_WEIGHT = 1 / 2;

/** After this many frames without it, a rendition comes before all but the most wanted. */
const STARVED_FRAMES = 30;

/** Renditions that nobody has wanted for this many frames are forgotten. */
const FORGOTTEN_FRAMES = 300;

/**
 * Decides which renditions of a frame are made and in which order, so that no client takes the
 * transcoder from the others.
 */
export class Demand {
  /** How many renditions of the present frame each address was the first to want. */
  #introduced = new Map<string, number>();
  /** The newest frame of which each rendition was made; before the first, of which it was wanted. */
  readonly #madeOf = new Map<Rendition, number>();

  /** Begins a new frame. To be called before anything is wanted of it. */
  begin(sequence: number): void {
    this.#introduced = new Map();
    if (sequence % FORGOTTEN_FRAMES !== 0) return;
    for (const [rendition, made] of this.#madeOf) {
      if (sequence - made > FORGOTTEN_FRAMES) this.#madeOf.delete(rendition);
    }
  }

  /**
   * Counts one more rendition of the present frame for a consumer at `origin` and returns its weight;
   * `null` if it must not be made. An origin of `null` is the program itself, which has neither a bound
   * nor a weight.
   */
  admit(origin: string | null): number | null {
    if (origin === null) return 0;
    const introduced = this.#introduced.get(origin) ?? 0;
    if (introduced >= MAX_PER_ORIGIN) return null;
    this.#introduced.set(origin, introduced + 1);
    return NEXT_WEIGHT ** introduced;
  }

  /** Notes that a rendition was made of a frame. */
  made(rendition: Rendition, sequence: number): void {
    this.#madeOf.set(rendition, Math.max(sequence, this.#madeOf.get(rendition) ?? 0));
  }

  /**
   * Orders the renditions of a frame by their weight times the number of frames since they were last
   * made, so that each gets frames in proportion to its weight where there is no time for all. Between
   * equals, the one with more consumers comes first, then the cheaper one. The rendition that has
   * starved longest comes second at once.
   */
  order<T extends Wanted>(wanted: readonly T[], sequence: number): Order<T> {
    const ranked = wanted.map((entry) => {
      const { weight, rendition } = entry;
      const madeOf = this.#madeOf.get(rendition);
      if (madeOf === undefined) this.#madeOf.set(rendition, sequence - 1);
      const age = madeOf === undefined ? 1 : sequence - madeOf;
      return { entry, age, score: weight * age, cost: costOf(rendition) };
    }).sort((a, b) =>
      b.score - a.score || b.entry.viewers - a.entry.viewers || b.age - a.age || a.cost - b.cost
    );
    let starved = -1;
    for (let i = 1; i < ranked.length; i++) {
      const { age } = ranked[i];
      if (age > STARVED_FRAMES && (starved < 0 || age > ranked[starved].age)) starved = i;
    }
    if (starved > 1) ranked.splice(1, 0, ...ranked.splice(starved, 1));
    return { ordered: ranked.map(({ entry }) => entry), least: starved > 0 ? 2 : 1 };
  }
}

/**
 * Returns what to give in place of a rendition that is not made: the best one that is no finer, else the
 * coarsest; first among those with its filter, then among those without a filter. `null` for none.
 */
export function nearestOf(wanted: Rendition, made: Iterable<Rendition>): Rendition | null {
  let nearest: Rendition | null = null;
  let least = Infinity;
  for (const rendition of made) {
    if (rendition.filter !== wanted.filter && rendition.filter !== "none") continue;
    const finer = costOf(rendition) - costOf(wanted);
    const distance = (rendition.filter === wanted.filter ? 0 : 10_000) +
      (finer > 0 ? 1_000 + finer : -finer);
    if (distance < least) [nearest, least] = [rendition, distance];
  }
  return nearest;
}

/** Returns a measure that grows with a rendition's bytes and with the time that it takes to make. */
function costOf({ quality, scale }: Rendition): number {
  return (quality === "source" ? 101 : quality) + 101 * Math.log2(8 * scale);
}
