import { BoundedMap } from "../bounded_map.ts";
import { MAX_NAME } from "./name.ts";
import { skeletonOf } from "./skeleton.ts";

/** The first number that a name gets: Anna 2 is the second Anna. */
const FIRST = 2;

/** The highest number that a name gets; whoever comes after that has to choose another name. */
const MAX_NUMBER = 99;

/** The numbers tried from where the last search ended. Each takes long to compare with all names. */
const MAX_TRIES = 10;

/** The most names whose last number is remembered. */
const MAX_REMEMBERED = 1000;

/** Which numbers to try behind a name that someone else has. */
export class NameNumbers {
  /** The number that was tried last, by what the name reads as without it. */
  readonly #last = new BoundedMap<string, number>(MAX_REMEMBERED);

  /**
   * Yields the numbers to try behind a name, until one is free: first the one that they have, then 2,
   * and a few from where the last search ended.
   *
   * @param own The name that they have; `null` without one.
   */
  *toTry(name: string, own: string | null): Generator<number> {
    const stem = stemOf(name);
    if (own !== null) {
      const [, kept] = own.match(/ (\d{1,2})$/) ?? [];
      if (kept !== undefined && stemOf(own) === stem) yield Number(kept);
    }
    yield FIRST;
    let number = this.#last.get(stem) ?? FIRST + 1;
    for (let tries = 0; tries < MAX_TRIES; tries++) {
      this.#last.set(stem, number);
      yield number;
      number = number < MAX_NUMBER ? number + 1 : FIRST + 1;
    }
  }
}

/** Returns what a name reads as without its number, and as short as it has to be for one. */
function stemOf(name: string): string {
  const stem = [...name.replace(/ \d{1,2}$/, "")].slice(0, MAX_NAME - ` ${MAX_NUMBER}`.length);
  return skeletonOf(stem.join("")) || stem.join("").trimEnd();
}
