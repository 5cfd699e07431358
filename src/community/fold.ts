/**
 * A text as it is compared: compatibility forms (Ｂ, ᵇ, 𝐛) as plain letters, without accents,
 * case and characters that show nothing.
 */
export function fold(text: string): string {
  return text.normalize("NFKD")
    .replace(/[\p{M}\p{Default_Ignorable_Code_Point}]/gu, "")
    .toLowerCase()
    .normalize("NFKD")
    .replace(/\p{M}/gu, "")
    .replaceAll("ß", "ss")
    .replaceAll("ς", "σ");
}
