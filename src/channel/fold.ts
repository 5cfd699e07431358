/** The alphabets that Unicode does not decompose: white on black, in circles and squares. */
const ENCLOSED_FIRST = 0x1f150;
const ALPHABET_SPACING = 0x20;
const ENCLOSED = /[\u{1f150}-\u{1f169}\u{1f170}-\u{1f189}]/gu;

/**
 * Returns a text in the form for comparison: compatibility forms (Ｂ, ᵇ, 𝐛) and letters in circles
 * and squares (Ⓑ, 🅑, 🅱) as plain letters, without accents, case and invisible characters.
 */
export function fold(text: string): string {
  return plainLetters(plainLetters(text).toLowerCase())
    .replaceAll("ß", "ss")
    .replaceAll("ς", "σ");
}

/** Does as {@linkcode fold}, but keeps upper and lower case. */
export function plainLetters(text: string): string {
  return text.replace(ENCLOSED, (character) => {
    const index = (character.codePointAt(0)! - ENCLOSED_FIRST) % ALPHABET_SPACING;
    return letterAt(index);
  }).normalize("NFKD").replace(/[\p{M}\p{Default_Ignorable_Code_Point}]/gu, "");
}

/** Returns the letter at this place of the alphabet, from 0. */
export function letterAt(index: number): string {
  return String.fromCharCode("A".charCodeAt(0) + index);
}
