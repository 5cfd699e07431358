import { type Outcome, refuse } from "./refusal.ts";
import { skeletonOf } from "./skeleton.ts";
import { isVisible, lengthOf, plainText } from "./text.ts";

/** The most code points of a name. */
export const MAX_NAME = 32;

/** Shown in place of a missing name. */
export const NAMELESS = "Anonymous";

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

/** Returns a text as a name that may be the streamer's, or why it cannot be a name. */
export function plainName(text: string): Outcome<{ readonly name: string }> {
  // Composing is quadratic in the number of marks on a letter, so excess marks go first.
  const name = plainText(plainText(text.replace(/\s+/g, " ")).normalize("NFC"));
  if (!isVisible(name)) return refuse("nameless");
  const length = lengthOf(name);
  if (length > MAX_NAME) {
    return refuse("name-too-long", { length, max: MAX_NAME });
  }
  return { name };
}

/**
 * Returns whether a name reads as a reserved one or as the streamer's own, even as `Th3 Real_Ádmin ✔ 2`.
 */
export function isReserved(name: string, streamerName: string): boolean {
  const own = readingOf(streamerName);
  // A number after a name makes no difference, unless it stands for its last letters.
  return [name, name.replace(/\P{L}+$/u, "")].map(readingOf)
    .some((reading) => RESERVED.has(reading) || reading === own && reading !== "");
}

/** Returns a name with this number behind it, in place of one that it has; shortened to fit. */
export function numberedName(name: string, number: number): string {
  const suffix = ` ${number}`;
  const stem = [...name.replace(/ \d{1,2}$/, "")].slice(0, MAX_NAME - suffix.length);
  return stem.join("").trimEnd() + suffix;
}

/** Returns the most code points that a name has in any spelling: with accents as characters of their own. */
export function spelledLength(name: string): number {
  return lengthOf(name.normalize("NFD"));
}

/** Returns what a name reads as at a glance, without words that make it sound genuine. */
function readingOf(name: string): string {
  const spelled = [...name].map((character) => SUBSTITUTES.get(character) ?? character).join("");
  return skeletonOf(spelled)
    .replace(/^(the|reai|officiai)+(?=.)/, "")
    .replace(/(?<=.)(reai|officiai|tm)+$/, "");
}
