import en from "../static/texts/en.json" with { type: "json" };

/** The key of a text on the pages. The English texts are complete; other languages may lack some. */
export type PageTextKey = keyof typeof en;
