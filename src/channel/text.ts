import { type Outcome, refuse } from "./refusal.ts";

/** Line ends, tabs and other control characters that stand for a space. */
const BREAKS = /\r\n|[\t-\r\u0085\u2028\u2029]/g;

/**
 * Other control characters, and those that turn the direction of the text after them: a name could
 * be made to read as another one, a message to garble what stands beside it (Unicode TR 36, 2.7).
 */
// deno-lint-ignore no-control-regex
const CONTROLS = /[\0-\x08\x0e-\x1f\x7f-\x9f\ufeff\u202a-\u202e\u2066-\u2069]/g;

/** Something that leaves ink; the blank letters are for fillers that look like nothing. */
const VISIBLE = /[^\p{White_Space}\p{Cc}\p{Cf}\p{M}\p{Default_Ignorable_Code_Point}\u2800]/u;

/**
 * The most combining marks on one letter. No language writes more; piled up, they paint over the
 * lines above and below, and normalization is quadratic in their number.
 */
const MAX_MARKS = 4;

/** What does not begin another letter: a mark, or what shows nothing and so hides that one is piled up. */
const MARK = /\p{M}/u;
const INVISIBLE = /[\p{Cf}\p{Default_Ignorable_Code_Point}]/u;

/**
 * A text on one line as it was typed: trimmed, line ends and tabs as spaces, without control
 * characters, and with no more than four marks on a letter; a half of a surrogate pair becomes
 * U+FFFD.
 */
export function plainText(text: string): string {
  return trimMarks(text.toWellFormed().replace(BREAKS, " ").replace(CONTROLS, "")).trim();
}

/** Leaves out the marks of a letter after its fourth, wherever they stand before the next letter. */
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

/** Whether there is anything to see in it. */
export function isVisible(text: string): boolean {
  return VISIBLE.test(text);
}

/** How long a text is: in Unicode code points. */
export function lengthOf(text: string): number {
  let length = 0;
  for (const _ of text) length++;
  return length;
}

/** The plain text of a message of 1 to `max` code points with something to see. */
export function messageFrom(text: string, max: number): Outcome<{ readonly text: string }> {
  const plain = plainText(text);
  if (!isVisible(plain)) return refuse("Write something first");
  const length = lengthOf(plain);
  if (length <= max) return { text: plain };
  return refuse(`Too long: ${length} characters, ${max} are possible`);
}
