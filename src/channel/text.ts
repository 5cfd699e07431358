import { type Outcome, refuse } from "./refusal.ts";

/** Line ends, tabs and other control characters that become a space. */
const BREAKS = /\r\n|[\t-\r\u0085\u2028\u2029]/g;

/**
 * Other control characters, and those that change the direction of the following text: a name could
 * read as another one, a message could garble the text beside it (Unicode TR 36, 2.7).
 */
// deno-lint-ignore no-control-regex
const CONTROLS = /[\0-\x08\x0e-\x1f\x7f-\x9f\ufeff\u202a-\u202e\u2066-\u2069]/g;

/** Characters that leave ink; some fillers count as letters, but are blank. */
const VISIBLE = /[^\p{White_Space}\p{Cc}\p{Cf}\p{M}\p{Default_Ignorable_Code_Point}\u2800]/u;

/**
 * The most combining marks on one letter. No language needs more; a pile of them paints over the
 * lines above and below, and normalization is quadratic in their number.
 */
const MAX_MARKS = 4;

/** Characters that do not begin another letter: marks, and invisible ones that could hide a pile. */
const MARK = /\p{M}/u;
const INVISIBLE = /[\p{Cf}\p{Default_Ignorable_Code_Point}]/u;

/**
 * Returns a text on one line: trimmed, line ends and tabs as spaces, without control characters, and
 * with at most four marks on a letter; half a surrogate pair becomes U+FFFD.
 */
export function plainText(text: string): string {
  return trimMarks(text.toWellFormed().replace(BREAKS, " ").replace(CONTROLS, "")).trim();
}

/** Removes the marks of a letter after its fourth, wherever they stand before the next letter. */
function trimMarks(text: string): string {
  if (!MARK.test(text)) return text;
  let trimmed = "", marks = 0;
  for (const character of text) {
    if (MARK.test(character)) marks++;
    else if (!INVISIBLE.test(character)) marks = 0;
    if (marks <= MAX_MARKS || !MARK.test(character)) trimmed += character;
  }
  return trimmed;
}

/** Returns whether a text has a visible character. */
export function isVisible(text: string): boolean {
  return VISIBLE.test(text);
}

/** Returns the length of a text in code points. */
export function lengthOf(text: string): number {
  let length = 0;
  for (const _ of text) length++;
  return length;
}

/** Returns the plain text of a message of 1 to `max` code points, or why it is refused. */
export function messageFrom(text: string, max: number): Outcome<{ readonly text: string }> {
  const plain = plainText(text);
  if (!isVisible(plain)) return refuse("Write something first");
  const length = lengthOf(plain);
  if (length <= max) return { text: plain };
  return refuse(`Too long: ${length} characters (maximum ${max})`);
}
