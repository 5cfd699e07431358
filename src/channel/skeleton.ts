import { CONFUSABLES } from "./confusables.ts";
import { letterAt, plainLetters } from "./fold.ts";

/** Small capitals, which Unicode does not list as confusable, and their letters. */
const SMALL_CAPITALS = ["ᴀʙᴄᴅᴇꜰɢʜɪᴊᴋĸʟᴍʍɴᴏᴘʀꜱᴛᴜᴠᴡʏᴢ", "abcdefghijkklmmnoprstuvwyz"] as const;

/** Characters that look like others, and those others. */
const ALIKE: ReadonlyMap<string, string> = new Map([
  ...CONFUSABLES.trim().split("\n").flatMap((line) => {
    const [chosen = "", others = ""] = line.split(" ");
    return [...others].map((character) => [character, chosen] as const);
  }),
  ...[...SMALL_CAPITALS[0]].map((capital, i) => [capital, SMALL_CAPITALS[1][i]!] as const),
]);

/** Signs after a name that are not a part of it; decomposed, they would become letters. */
const TRADE_MARKS = /[\u2120\u2122]/g;

/** Pairs of these make flags. */
const REGIONAL_INDICATORS = /[\u{1f1e6}-\u{1f1ff}]/gu;

/**
 * Returns what a text reads as at a glance, in small letters: two texts that look alike have the same
 * skeleton (UTS #39 section 4). It has no signs, spaces or invisible characters, and `m` for `rn`.
 */
export function skeletonOf(text: string): string {
  // A capital may look like another letter than its small form: Η like H, η like n.
  const letters = text.replace(TRADE_MARKS, "")
    .replace(REGIONAL_INDICATORS, (flag) => letterAt(flag.codePointAt(0)! - 0x1f1e6));
  const once = alike(plainLetters(letters));
  return alike(plainLetters(once.toLowerCase()))
    .replace(/[^\p{L}\p{N}]/gu, "")
    .replaceAll("rn", "m")
    .replaceAll("vv", "w")
    .replaceAll("l", "i");
}

/** Letters of one word, and the marks on them. */
const WORD = /[\p{L}\p{M}]+/gu;
const LATIN = /\p{Script=Latin}/u;

/**
 * Returns a text with words that mix Latin letters with others turned to Latin: `bаd` with a Cyrillic
 * а. A word of another alphabet stays as it is, whatever it looks like: `рот` means mouth.
 */
export function readMixedAsLatin(text: string): string {
  return text.replace(WORD, (word) => LATIN.test(word) ? [...word].map(latinOf).join("") : word);
}

function latinOf(character: string): string {
  const read = alike(character);
  return /^[a-z]$/i.test(read) ? read : character;
}

function alike(text: string): string {
  let read = "";
  for (const character of text) {
    const next = ALIKE.get(character) ?? character;
    // Т looks like ᴛ, and that like a T.
    read += ALIKE.get(next) ?? next;
  }
  return read;
}
