import { type Outcome, refuse } from "./refusal.ts";
import { skeletonOf } from "./skeleton.ts";
import { isVisible, lengthOf, plainText } from "./text.ts";

/** The most code points of a name. */
export const MAX_NAME = 32;

/** What someone is called who gave no name. */
export const NAMELESS = "Someone";

/** Digits and signs that people write for letters. */
const SUBSTITUTES = new Map(Object.entries(
  {
    ...{ "3": "e", "4": "a", "5": "s", "7": "t", "@": "a", "$": "s" },
    ...{ "!": "i", "€": "e", "†": "t", "°": "o" },
  },
));

/** Kept for the streamer and the program, so that nobody can speak in their name. */
const RESERVED = new Set(
  [
    ...["streamer", "host", "broadcaster", "owner", "creator"],
    ...["admin", "administrator", "moderator", "mod", "staff", "support"],
    ...["system", "server", "livestream", "official"],
  ].map(readingOf),
);

/** A name to show, or why it cannot be one; see `People.rename`. */
export function nameFrom(text: string): Outcome<{ readonly name: string }> {
  // Composing is quadratic in the number of marks on a letter, so those go first.
  const name = plainText(plainText(text.replace(/\s+/g, " ")).normalize("NFC"));
  if (!isVisible(name)) return refuse("A name is needed");
  const length = lengthOf(name);
  if (length > MAX_NAME) {
    return refuse(`This name is too long: ${length} characters, ${MAX_NAME} are possible`);
  }
  if (imitates(name)) return refuse("This name is kept for the streamer: choose another");
  return { name };
}

/** Whether a name reads as one of the reserved, also as `Th3 Real_Ádmin ✔ 2`. */
function imitates(name: string): boolean {
  // A number after a name is as good as none, unless it stands for its last letters.
  return [name, name.replace(/\P{L}+$/u, "")].some((text) => RESERVED.has(readingOf(text)));
}

/** What a name reads as at a glance, without what makes it more important. */
function readingOf(name: string): string {
  const spelled = [...name].map((character) => SUBSTITUTES.get(character) ?? character).join("");
  return skeletonOf(spelled)
    .replace(/^(the|reai|officiai)+(?=.)/, "")
    .replace(/(?<=.)(reai|officiai|tm)+$/, "");
}
