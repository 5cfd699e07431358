import { type Outcome, refuse } from "./refusal.ts";
import { skeletonOf } from "./skeleton.ts";
import { isVisible, lengthOf, plainText } from "./text.ts";

/** The most code points of a name. */
export const MAX_NAME = 32;

/** Shown in place of a missing name. */
export const NAMELESS = "Someone";

/** Digits and signs that people use for letters. */
const SUBSTITUTES = new Map(Object.entries(
  {
    ...{ "3": "e", "4": "a", "5": "s", "7": "t", "@": "a", "$": "s" },
    ...{ "!": "i", "€": "e", "†": "t", "°": "o" },
  },
));

/** Reserved for the streamer and the program, so that nobody can impersonate them. */
const RESERVED = new Set(
  [
    ...["streamer", "host", "broadcaster", "owner", "creator"],
    ...["admin", "administrator", "moderator", "mod", "staff", "support"],
    ...["system", "server", "livestream", "official"],
  ].map(readingOf),
);

/** Returns a text as a name, or why it cannot be one; see `People.rename`. */
export function nameFrom(text: string): Outcome<{ readonly name: string }> {
  // Composing is quadratic in the number of marks on a letter, so excess marks go first.
  const name = plainText(plainText(text.replace(/\s+/g, " ")).normalize("NFC"));
  if (!isVisible(name)) return refuse("Enter a name first: it appears next to your messages");
  const length = lengthOf(name);
  if (length > MAX_NAME) {
    return refuse(`This name is too long: ${length} characters (maximum ${MAX_NAME})`);
  }
  if (imitates(name)) return refuse("This name is reserved for the streamer: choose another");
  return { name };
}

/** Returns whether a name reads as a reserved one, even as `Th3 Real_Ádmin ✔ 2`. */
function imitates(name: string): boolean {
  // A number after a name makes no difference, unless it stands for its last letters.
  return [name, name.replace(/\P{L}+$/u, "")].some((text) => RESERVED.has(readingOf(text)));
}

/** Returns what a name reads as at a glance, without words that make it sound genuine. */
function readingOf(name: string): string {
  const spelled = [...name].map((character) => SUBSTITUTES.get(character) ?? character).join("");
  return skeletonOf(spelled)
    .replace(/^(the|reai|officiai)+(?=.)/, "")
    .replace(/(?<=.)(reai|officiai|tm)+$/, "");
}
