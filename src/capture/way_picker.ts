import type { Findings } from "./findings.ts";
import type { Way } from "./way.ts";

/**
 * Picks the next way to open a source, until one works or all have failed.
 *
 * Remembers the way that worked and what was learned of the source, so that the next attempt begins
 * with it.
 */
export class WayPicker {
  readonly #waysFor: (findings: Findings) => readonly Way[];
  /** What was learned before the present search for a way: the source may be another since. */
  #remembered: Findings = {};
  /** What was learned during it. */
  #learned: Findings = {};
  /** Names of the ways that have failed since one worked. */
  readonly #failed = new Set<string>();
  #worked: string | null = null;

  /** @param waysFor Lists the ways to open the source, the likeliest first. */
  constructor(waysFor: (findings: Findings) => readonly Way[]) {
    this.#waysFor = waysFor;
  }

  /** The way to try now; null when all have failed. */
  get way(): Way | null {
    const findings = { ...this.#remembered, ...this.#learned };
    const ways = this.#waysFor(findings).filter(({ name }) => !this.#failed.has(name));
    return ways.find(({ name }) => name === this.#worked) ?? ways[0] ?? null;
  }

  /**
   * Learns more of the source. What this search has learned stays, so that no two ways can disagree
   * for ever. What earlier ones have learned is forgotten if it is no longer true.
   */
  learn(findings: Findings): void {
    const keys = Object.keys(findings) as (keyof Findings)[];
    const isAnother = keys.some((key) =>
      key in this.#remembered && !(key in this.#learned) && this.#remembered[key] !== findings[key]
    );
    if (isAnother) this.#remembered = {};
    this.#learned = { ...findings, ...this.#learned };
  }

  /** Notes that a way gave frames. */
  noteSuccess({ name }: Way): void {
    this.#worked = name;
    this.#failed.clear();
  }

  noteFailure({ name }: Way): void {
    this.#failed.add(name);
  }

  /** Tries all ways again, the one that worked first. */
  retry(): void {
    this.#remembered = { ...this.#remembered, ...this.#learned };
    this.#learned = {};
    this.#failed.clear();
  }

  /** Forgets what was learned of the source: it may have become another. */
  forget(): void {
    this.#remembered = this.#learned = {};
    this.#failed.clear();
  }
}
