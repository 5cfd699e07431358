import { fold } from "./fold.ts";
import { type Outcome, refuse } from "./refusal.ts";
import { isVisible, lengthOf, plainText } from "./text.ts";

/** The most code points of a name. */
export const MAX_NAME = 32;

/** What someone is called who gave no name. */
export const NAMELESS = "Someone";

/** Letters and digits that read as another letter, after folding. */
const LOOKALIKES = new Map(Object.entries({
  ...{ "0": "o", "1": "i", "3": "e", "4": "a", "5": "s", "7": "t", "@": "a", "$": "s", "|": "i" },
  "l": "i",
  // In names of both alphabets, and the Cyrillic and Greek letters with a Latin shape.
  ...{ "а": "a", "е": "e", "і": "i", "к": "k", "м": "m", "н": "h", "о": "o", "р": "p" },
  ...{ "с": "c", "ѕ": "s", "т": "t", "у": "y", "х": "x", "ԁ": "d", "α": "a", "ο": "o", "ι": "i" },
}));

/** Kept for the streamer and the program, so that nobody can speak in their name. */
const RESERVED = new Set(
  [
    ...["streamer", "host", "broadcaster", "owner", "creator"],
    ...["admin", "administrator", "moderator", "mod", "staff", "support"],
    ...["system", "server", "livestream", "official"],
  ].map(skeletonOf),
);

/** A name to show, or why it cannot be one; see `People.rename`. */
export function nameFrom(text: string): Outcome<{ readonly name: string }> {
  const name = plainText(text.normalize("NFC").replace(/\s+/g, " "));
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
  const folded = fold(name);
  // A number after a name is as good as none, unless it stands for its last letters.
  return [folded, folded.replace(/\P{L}+$/u, "")].some((text) => RESERVED.has(skeletonOf(text)));
}

/** What a folded name reads as at a glance. */
function skeletonOf(folded: string): string {
  return [...folded].map((character) => LOOKALIKES.get(character) ?? character).join("")
    .replace(/[^\p{L}\p{N}]/gu, "")
    .replace(/^(the|reai|officiai)+(?=.)/, "");
}
