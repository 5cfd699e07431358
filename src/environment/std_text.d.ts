// The part of @std/text in use; the npm package has no types.

/** Returns how many characters to change, add or remove to turn one text into another. */
export function levenshteinDistance(one: string, other: string): number;
