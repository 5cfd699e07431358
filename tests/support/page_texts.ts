import en from "../../static/texts/en.json" with { type: "json" };
import { useTexts } from "../../static/js/text.js";

/** Gives the page's modules their English texts, which a page gets from the server. */
export function useEnglish(): void {
  useTexts("en", en);
}

/* This module is imported for its effect, too. */
useEnglish();
