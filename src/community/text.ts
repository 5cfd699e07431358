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
 * A text on one line as it was typed: trimmed, line ends and tabs as spaces, without control
 * characters; a half of a surrogate pair becomes U+FFFD.
 */
export function plainText(text: string): string {
  return text.toWellFormed().replace(BREAKS, " ").replace(CONTROLS, "").trim();
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
