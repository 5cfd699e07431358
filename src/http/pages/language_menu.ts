// @ts-types="../std_html.d.ts"
import { escape } from "@std/html/entities";
import type { Language } from "./page_texts.ts";

/**
 * Returns the menu of the page's languages. It belongs to the page's form `language` and not to the one
 * that it may lie in.
 */
export function languageMenu(current: Language, all: readonly Language[]): string {
  const options = all.map((language) => {
    const selected = language === current ? " selected" : "";
    const name = escape(language.text("common.own-name"));
    return `<option value="${language.tag}" lang="${language.tag}"${selected}>${name}</option>`;
  });
  const label = escape(labelIn(current));
  return `<p class="language">
<select name="language" form="language" aria-label="${label}">${options.join("")}</select>
<button class="quiet" form="language">${escape(current.text("common.change"))}</button>
</p>`;
}

/** Returns what the menu is called, also in English for those who cannot read the page's language. */
function labelIn(language: Language): string {
  const label = language.text("common.language");
  return label === "Language" ? label : `${label} (Language)`;
}
