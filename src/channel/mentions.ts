import { MAX_NAME } from "./name.ts";
import { UNSPACED } from "./scripts.ts";

/** The most authors that one message can mention. */
const MAX_MENTIONS = 5;

/** The most `@` of a message that are looked at. */
const MAX_SIGNS = 10;

/** The most names that are looked up for one message. Each look-up takes tens of microseconds. */
const MAX_LOOKUPS = 64;

/** The most characters of a name once it is decomposed, in which some characters become eighteen. */
const MAX_DECOMPOSED = 4 * MAX_NAME;

/** An `@` that begins a mention: not that of an e-mail address. */
const SIGN = /(?<![\p{L}\p{N}._%+-])@(?=\S)/gu;

const IN_WORD = /[\p{L}\p{N}\p{M}]/u;

/** Someone who can be mentioned. */
export interface Mentionable {
  /** Who it is. */
  readonly author: string;
  /** Their name. */
  readonly name: string;
}

/** Everyone who can be mentioned. */
export interface Mentionables {
  /** The most code points of anyone's name, however it is spelled. */
  readonly longest: number;
  /** Returns who has a name, or one that reads the same. */
  find(name: string): Mentionable | null;
}

/**
 * Returns the authors whom a text mentions: `@` and a name, in any case. Of several names, `@Ann` and
 * `@Ann Lee`, the longest counts. A text with very many possible names is searched only in part.
 */
export function mentionsIn(text: string, { longest, find }: Mentionables): string[] {
  let lookups = 0;
  const findSome = (name: string) => ++lookups <= MAX_LOOKUPS ? find(name) : null;
  const authors = new Set<string>();
  const signs = [...text.matchAll(SIGN)].slice(0, MAX_SIGNS);
  for (const { index } of signs) {
    if (authors.size === MAX_MENTIONS || lookups >= MAX_LOOKUPS) break;
    const author = longestName(text.slice(index + 1), { longest, find: findSome });
    if (author !== null) authors.add(author);
  }
  return [...authors];
}

/** Returns whose name a text begins with. */
function longestName(text: string, { longest, find }: Mentionables): string | null {
  const [line] = text.split("\n", 1);
  // Cut well beyond the longest name, as the rest of a message is no part of it.
  const characters = [...line.slice(0, 4 * MAX_NAME)].slice(0, MAX_NAME + 1);
  const start = Math.min(MAX_NAME, longest, decomposable(characters));
  for (let length = start; length > 0; length--) {
    const [last, next = ""] = characters.slice(length - 1);
    if (/\s/.test(last) || !isWordEnd(last, next)) continue;
    const name = characters.slice(0, length).join("");
    const found = find(name);
    // Names that read the same may have other spaces: "Ann is here" does not name Annis.
    if (found && wordsOf(found.name) === wordsOf(name)) return found.author;
  }
  return null;
}

/** Returns how many of these characters are few enough even once they are decomposed. */
function decomposable(characters: readonly string[]): number {
  let length = 0;
  const end = characters.findIndex((character) =>
    (length += character.normalize("NFKD").length) > MAX_DECOMPOSED
  );
  return end < 0 ? characters.length : end;
}

function isWordEnd(last: string, next: string): boolean {
  return !(IN_WORD.test(last) && IN_WORD.test(next)) || UNSPACED.test(last) || UNSPACED.test(next);
}

function wordsOf(name: string): number {
  return name.trim().split(/\s+/).length;
}
