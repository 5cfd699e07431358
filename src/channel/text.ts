import { type Outcome, refuse } from "./refusal.ts";

/** Every kind of line end. */
const LINE_ENDS = /\r\n|[\n-\r\u0085\u2028\u2029]/g;

/** Two or more empty lines, which become one. */
const EMPTY_LINES = /\n{3,}/g;

/** The most lines of a message; what exceeds them continues the last one. */
const MAX_LINES = 10;

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
  return trimMarks(withoutControls(text.replace(LINE_ENDS, " "))).trim();
}

/**
 * Does as {@linkcode plainText}, but keeps line ends as `\n`: at most ten lines, and never more than one
 * empty line in a row.
 */
export function plainLines(text: string): string {
  const lines = trimMarks(withoutControls(text.replace(LINE_ENDS, "\n")))
    .split("\n").map((line) => line.trimEnd()).join("\n")
    .replace(EMPTY_LINES, "\n\n").trim().split("\n");
  const last = lines.splice(MAX_LINES - 1).filter((line) => line !== "");
  return [...lines, ...(last.length > 0 ? [last.join(" ")] : [])].join("\n");
}

function withoutControls(text: string): string {
  return text.toWellFormed().replaceAll("\t", " ").replace(CONTROLS, "");
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

/** Returns the plain lines of a message of 1 to `max` code points, or why it is refused. */
export function messageFrom(text: string, max: number): Outcome<{ readonly text: string }> {
  const plain = plainLines(text);
  if (!isVisible(plain)) return refuse("empty");
  const length = lengthOf(plain);
  if (length <= max) return { text: plain };
  return refuse("too-long", { length, max });
}
