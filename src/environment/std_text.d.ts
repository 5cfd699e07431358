// What is used of @std/text, which comes here without types.

/** How many characters are to be changed, added or removed to get from one text to another. */
export function levenshteinDistance(one: string, other: string): number;
