import en from "../../static/texts/en.json" with { type: "json" };
import { formatterOf } from "../../static/js/format_text.js";
import type { Explanation } from "../live_messages.ts";
import type { PageTextKey } from "../page_text_key.ts";

/** The part of a text's key after `error.`, by which pages find it in their language. */
export type ErrorCode = PageTextKey extends infer Key
  ? Key extends `error.${infer Code}` ? Code : never
  : never;

const inEnglish = formatterOf("en");

/** Returns why something was refused: in English, and as a code that pages translate. */
export function explain(code: ErrorCode, values: Explanation["values"] = {}): Explanation {
  return { reason: inEnglish(en[`error.${code}`], values), code, values };
}
