// @ts-types="./std_text.d.ts"
import { levenshteinDistance } from "@std/text/levenshtein-distance";

/** An environment variable that looks like one of the program's, but is none. */
export interface Misspelt {
  /** Its name, as it is set. */
  readonly name: string;
  /** The variable that is probably meant; `null` if none is similar. */
  readonly meant: string | null;
}

/** How the program's names begin, in upper or lower case. */
const OWN = /^livestream_/i;

/** How many letters may be wrong, missing or extra in a name, and in one that begins as ours do. */
const MAX_DISTANCE = 2;
const MAX_DISTANCE_OF_OWN = 3;

/**
 * Returns the variables that are probably meant for this program but are not its own.
 *
 * @param names The variables that are set.
 * @param known The variables of the program.
 */
export function misspeltVariables(
  names: readonly string[],
  known: readonly string[],
): Misspelt[] {
  return names.filter((name) => !known.includes(name)).flatMap((name) => {
    const isOwn = OWN.test(name);
    let meant: string | null = null;
    let nearest = isOwn ? MAX_DISTANCE_OF_OWN + 1 : MAX_DISTANCE + 1;
    for (const candidate of known) {
      const distance = levenshteinDistance(name.toUpperCase(), candidate);
      if (distance < nearest) [meant, nearest] = [candidate, distance];
    }
    return isOwn || meant !== null ? [{ name, meant }] : [];
  });
}
