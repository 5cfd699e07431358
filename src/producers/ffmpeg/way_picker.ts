import type { Findings } from "./findings.ts";
import type { Way } from "./way.ts";

/**
 * Picks the next way to open a source, until one works or all have failed.
 *
 * Remembers the way that worked and what was learned about the source, for the next search.
 */
export class WayPicker {
  readonly #waysFor: (findings: Findings) => readonly Way[];
  /** What was learned before the current search; the source may have changed since. */
  #remembered: Findings = {};
  /** What was learned during the current search. */
  #learned: Findings = {};
  /** Names of the ways that have failed since one worked. */
  readonly #failed = new Set<string>();
  #worked: Way | null = null;

  /**
   * Creates a picker that starts with the likeliest way.
   *
   * @param waysFor Lists the ways to open the source, the likeliest first.
   */
  constructor(waysFor: (findings: Findings) => readonly Way[]) {
    this.#waysFor = waysFor;
  }

  /** The way to try now; null when all have failed. */
  get way(): Way | null {
    const findings = { ...this.#remembered, ...this.#learned };
    const ways = this.#waysFor(findings).filter(({ name }) => !this.#failed.has(name));
    return ways.find(({ name }) => name === this.#worked?.name) ?? ways[0] ?? null;
  }

  /**
   * Adds findings about the source. Findings of this search stay, so that two ways cannot contradict
   * each other forever. Findings of earlier searches are dropped if they are no longer true.
   *
   * A stream that breaks off after one frame looks like a still. So evidence of a stream overrides that
   * of a still, and a source that streamed becomes a still only after two such responses in a row.
   */
  learn(findings: Findings): void {
    if (findings.isStill && this.#remembered.isStill === false) {
      this.#remembered = without("isStill", this.#remembered);
      return this.learn(without("isStill", findings));
    }
    const keys = Object.keys(findings) as (keyof Findings)[];
    const isAnother = keys.some((key) =>
      key in this.#remembered && !(key in this.#learned) && this.#remembered[key] !== findings[key]
    );
    if (isAnother) this.#remembered = {};
    const proof = findings.isStill === false ? { isStill: false } : {};
    this.#learned = { ...findings, ...this.#learned, ...proof };
  }

  /** Records that a way gave frames. */
  noteSuccess(way: Way): void {
    if (!this.#isStopgap) this.#worked = way;
    this.#failed.clear();
  }

  /** Records that a way failed. */
  noteFailure({ name }: Way): void {
    this.#failed.add(name);
  }

  /** Makes all ways available again, first the one that worked. */
  retry(): void {
    const learned = this.#isStopgap ? without("isUnsound", this.#learned) : this.#learned;
    this.#remembered = { ...this.#remembered, ...learned };
    this.#learned = {};
    this.#failed.clear();
  }

  /** Whether JPEGs that could be copied before now cannot: the fault may be temporary. */
  get #isStopgap(): boolean {
    return this.#learned.isUnsound === true && this.#worked?.copies === true;
  }

  /** Forgets what was learned about the source, which may have changed. */
  forget(): void {
    this.#remembered = this.#learned = {};
    this.#failed.clear();
  }
}

/** Returns the findings except one. */
function without(left: keyof Findings, findings: Findings): Findings {
  return Object.fromEntries(Object.entries(findings).filter(([key]) => key !== left));
}
