// @ts-types="./std_text.d.ts"
import { levenshteinDistance } from "@std/text/levenshtein-distance";

/** An environment variable that looks like one of the program's, and the one it may be meant for. */
export interface Misspelt {
  readonly name: string;
  /** `null` where none is similar. */
  readonly meant: string | null;
}

/** Names begin like that, in whatever letters. */
const OWN = /^livestream_/i;

/** So many letters may be wrong, missing or too many in a name, and in one that begins as ours do. */
const MAX_DISTANCE = 2;
const MAX_DISTANCE_OF_OWN = 3;

/**
 * Returns the variables that are probably meant for this program but are none of its own.
 *
 * @param names The variables there are.
 * @param known The program's own.
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
