import { fold } from "./fold.ts";
import { type Outcome, refuse } from "./refusal.ts";
import { UNSPACED } from "./scripts.ts";
import { readMixedAsLatin } from "./skeleton.ts";
import { isVisible, lengthOf, plainText } from "./text.ts";

const MAX_WORDS = 500;
/** Code points. */
const MAX_LENGTH = 64;

/** Letters and digits, with apostrophes between them: `he'll` is not `hell`. */
const TOKEN = /[\p{L}\p{N}]+(?:['’][\p{L}\p{N}]+)*/gu;

const LETTER = /[\p{L}\p{N}]/u;

/**
 * Finds blocked words in texts: in any case and with any accents, with signs between their letters
 * (`b.a.d`), spelled out (`b a d`) and with letters of other alphabets (`🅑🅐🅓`, `bаd`), but only as
 * whole words: blocking `ass` does not block `class`.
 */
export class BlockedWords {
  /** As the streamer wrote them, each once. */
  readonly words: readonly string[];
  /** By word without spaces: where its spaces were. A phrase and a word may read the same. */
  readonly #spaces = new Map<string, Set<number>[]>();
  /** Words to be found as a part of the letters, and words to be found exactly as written. */
  readonly #parts: string[] = [];
  readonly #literals: string[] = [];
  #longest = 0;

  /** Blocks valid words; {@linkcode BlockedWords.from} accepts any. */
  constructor(words: readonly string[]) {
    this.words = words;
    for (const word of words.map(fold)) {
      const tokens = word.match(TOKEN) ?? [];
      const compact = tokens.join("");
      if (tokens.join(" ") !== word) this.#literals.push(word);
      else if (UNSPACED.test(word)) this.#parts.push(compact);
      else this.#add(compact, tokens);
    }
  }

  /** Blocks up to 500 words or phrases of up to 64 code points; ignores empty ones. */
  static from(words: readonly string[]): Outcome<{ readonly words: BlockedWords }> {
    const sound = new Map<string, string>();
    for (const word of words.map(plainText)) {
      const folded = fold(word);
      if (!isVisible(folded)) continue;
      if (lengthOf(word) > MAX_LENGTH) {
        return refuse("word-too-long", { word, max: MAX_LENGTH });
      }
      if (!sound.has(folded)) sound.set(folded, word);
    }
    if (sound.size > MAX_WORDS) {
      return refuse("too-many-words", { words: sound.size, max: MAX_WORDS });
    }
    return { words: new BlockedWords([...sound.values()]) };
  }

  /** Returns whether a text has a blocked word in it. */
  isIn(text: string): boolean {
    // Names are checked for every viewer every second.
    if (this.words.length === 0) return false;
    const read = readMixedAsLatin(text);
    return this.#isInFolded(fold(text)) || (read !== text && this.#isInFolded(fold(read)));
  }

  #isInFolded(folded: string): boolean {
    if (this.#literals.some((word) => hasLiteral(folded, word))) return true;
    const tokens = [...folded.matchAll(TOKEN)];
    if (this.#parts.length) {
      const letters = tokens.map(([token]) => token).join("");
      if (this.#parts.some((word) => letters.includes(word))) return true;
    }
    return tokens.some((_, first) => this.#startsAt(first, tokens, folded));
  }

  #add(compact: string, tokens: readonly string[]): void {
    let at = 0;
    const spaces = new Set(tokens.map((token) => at += token.length));
    this.#spaces.set(compact, [...this.#spaces.get(compact) ?? [], spaces]);
    this.#longest = Math.max(this.#longest, compact.length);
  }

  /** Returns whether a word begins with this token, whatever separates the next ones. */
  #startsAt(first: number, tokens: readonly RegExpExecArray[], text: string): boolean {
    let compact = "";
    let end = tokens[first].index;
    let spelled = true;
    /** Where there were spaces. */
    const gaps: number[] = [];
    for (let i = first; i < tokens.length; i++) {
      const [token] = tokens[i];
      if (compact.length + token.length > this.#longest) return false;
      if (/\s/.test(text.slice(end, tokens[i].index))) gaps.push(compact.length);
      end = tokens[i].index + token.length;
      compact += token;
      spelled &&= lengthOf(token) === 1;
      const words = this.#spaces.get(compact);
      if (words && (spelled || words.some((spaces) => gaps.every((gap) => spaces.has(gap))))) {
        return true;
      }
    }
    return false;
  }
}

/** Returns whether a text has these characters, not as a part of a longer word. */
function hasLiteral(text: string, word: string): boolean {
  let at = text.indexOf(word);
  if (at < 0) return false;
  const [first, last] = [word.match(/^./u)![0], word.match(/.$/u)![0]].map((end) =>
    LETTER.test(end)
  );
  for (; at >= 0; at = text.indexOf(word, at + 1)) {
    // A character is one or two UTF-16 units long.
    const before = [...text.slice(Math.max(0, at - 2), at)].at(-1) ?? "";
    const [after = ""] = text.slice(at + word.length, at + word.length + 2);
    if (!(first && LETTER.test(before)) && !(last && LETTER.test(after))) return true;
  }
  return false;
}
