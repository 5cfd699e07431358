import { formatterOf } from "../../../static/js/format_text.js";
import type { Explanation } from "../../live_messages.ts";
import type { PageTextKey } from "../../page_text_key.ts";
import { type StaticFiles, textOf } from "../static_files.ts";

/** A text, or one for each plural category of its language: `{ one: "1 message", other: … }`. */
export type PageText = string | Readonly<Record<string, string>>;

/** The texts of one language, by key: `watch.pause`. */
export type PageTexts = Readonly<Record<string, PageText>>;

/** A language that pages are shown in. */
export class Language {
  /** BCP 47 tag: `de`, `zh-TW`. */
  readonly tag: string;
  /** Its texts. */
  readonly texts: PageTexts;
  readonly #format: ReturnType<typeof formatterOf>;

  /** Creates a language from its texts; those that it lacks are English. */
  constructor(tag: string, texts: PageTexts, english: PageTexts = {}) {
    this.tag = tag;
    this.texts = { ...english, ...texts };
    this.#format = formatterOf(tag);
  }

  /** Returns a text with its values; `count` chooses the plural. */
  text(key: PageTextKey, values?: Explanation["values"]): string {
    return this.#format(this.texts[key] ?? key, values);
  }

  /** Returns why something was refused. */
  refusal({ reason, code, values }: Explanation): string {
    const found = this.texts[`error.${code}`];
    return found === undefined ? reason : this.#format(found, values);
  }
}

/**
 * Reads the texts of a language.
 *
 * @param tag BCP 47 tag, as the file in static/texts is named.
 * @throws {Deno.errors.NotFound}
 */
export function readPageTexts(files: StaticFiles, tag: string): PageTexts {
  return JSON.parse(textOf(files, `/texts/${tag}.json`));
}

/** Returns the values of `{{text.key}}` in a template: every text without a plural. */
export function textValues(texts: PageTexts): Record<string, string> {
  return Object.fromEntries(
    Object.entries(texts).flatMap(([key, text]) =>
      typeof text === "string" ? [[`text.${key}`, text]] : []
    ),
  );
}

/** A key in a script, or a part of one before `${…}`. */
const KEY = /"([\w.-]+)"|`([\w-]+\.(?:[\w.-]+)?)\$\{/g;

/** Returns the texts whose keys stand in these scripts. */
export function textsNamedIn(scripts: readonly string[], texts: PageTexts): PageTexts {
  const matches = scripts.flatMap((script) => [...script.matchAll(KEY)]);
  const keys = new Set(matches.map(([, key]) => key));
  const beginnings = [...new Set(matches.flatMap(([, , beginning]) => beginning ?? []))];
  const isNamed = (key: string) =>
    keys.has(key) || beginnings.some((beginning) => key.startsWith(beginning));
  return Object.fromEntries(Object.entries(texts).filter(([key]) => isNamed(key)));
}

/** Returns an element with the texts for static/js/text.js. */
export function textsElement(texts: PageTexts): string {
  // Inside a script element, only "<" could end it.
  const json = JSON.stringify(texts).replaceAll("<", "\\u003c");
  return `<script type="application/json" id="texts">${json}</script>`;
}
