import { fold } from "./fold.ts";
import { type Outcome, refuse } from "./refusal.ts";
import { isVisible, lengthOf, plainText } from "./text.ts";

const MAX_WORDS = 500;
/** Code points. */
const MAX_LENGTH = 64;

/** What may stand between the letters of a word that is to get by: `b.a-d`. */
const SEPARATOR = String.raw`[._\-*~+|/\\,:;'’"()\[\]]`;

/** Written without spaces between words, so that a word cannot be told from a part of one. */
const UNSPACED =
  /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Thai}\p{Script=Lao}\p{Script=Khmer}\p{Script=Myanmar}]/u;

/**
 * Words that are not wanted. Found whatever their case and accents, also with separators between
 * their letters (`b.a.d`) and spelled out (`b a d`), but only as whole words: `class` may be said
 * where `ass` may not.
 */
export class BlockedWords {
  /** As the streamer wrote them, each once. */
  readonly words: readonly string[];
  readonly #pattern: RegExp | null;

  /** @param words Sound ones; {@linkcode BlockedWords.from} takes any. */
  constructor(words: readonly string[]) {
    this.words = words;
    const patterns = words.map((word) => patternOf(fold(word)));
    this.#pattern = words.length ? new RegExp(patterns.join("|"), "u") : null;
  }

  /** Up to 500 words or phrases of up to 64 code points; empty ones are left out. */
  static from(words: readonly string[]): Outcome<{ readonly words: BlockedWords }> {
    const sound = new Map<string, string>();
    for (const word of words.map(plainText)) {
      const folded = fold(word);
      if (!isVisible(folded)) continue;
      if (lengthOf(word) > MAX_LENGTH) {
        return refuse(`Cannot block "${word}": it is longer than ${MAX_LENGTH} characters`);
      }
      if (!sound.has(folded)) sound.set(folded, word);
    }
    if (sound.size > MAX_WORDS) {
      return refuse(`Cannot block ${sound.size} words: ${MAX_WORDS} are possible`);
    }
    return { words: new BlockedWords([...sound.values()]) };
  }

  isIn(text: string): boolean {
    return this.#pattern?.test(fold(text)) ?? false;
  }
}

function patternOf(word: string): string {
  if (!/^[\p{L}\p{N} ]+$/u.test(word)) return bounded(word, escape(word));
  const words = word.split(/ +/).filter((part) => part);
  const letters = words.map((part) => [...part]);
  const close = letters.map((part) => part.join(`${SEPARATOR}*`)).join(`(?:\\s|${SEPARATOR})+`);
  const all = letters.flat();
  if (all.length === 1) return bounded(word, close);
  return bounded(word, `(?:${close}|${all.join(`(?:\\s|${SEPARATOR})+`)})`);
}

/** No letter or digit may go on where the word ends in one. */
function bounded(word: string, pattern: string): string {
  if (UNSPACED.test(word)) return pattern;
  const before = /^[\p{L}\p{N}]/u.test(word) ? String.raw`(?<![\p{L}\p{N}])` : "";
  const after = /[\p{L}\p{N}]$/u.test(word) ? String.raw`(?![\p{L}\p{N}])` : "";
  return before + pattern + after;
}

function escape(text: string): string {
  return text.replace(/[\\^$.*+?()[\]{}|/]/g, String.raw`\$&`);
}
