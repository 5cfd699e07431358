import { type StaticFiles, textOf } from "../static_files.ts";
import { filterButtons, qualityButtons } from "./choice_buttons.ts";
import { spriteOf } from "./icons.ts";
import { languageMenu } from "./language_menu.ts";
import type { Languages } from "./languages.ts";
import { modulePreloads, modulesOf } from "./module_preloads.ts";
import { type Language, textsElement, textsNamedIn, textValues } from "./page_texts.ts";
import { fillIn } from "./template.ts";

/** Returns a page's template in a language. */
export type PageTemplate = (language: Language) => string;

/** A page in several languages. */
export interface LocalizedPage {
  /** Its template. */
  readonly template: PageTemplate;
  /** Its languages. */
  readonly languages: Languages;
}

/**
 * Fills in what a page shows to every viewer alike: its texts, its icons, its modules and the buttons
 * for what the server offers. Does so once for each language, when a viewer first wants it; the routes
 * fill in the rest.
 */
export function pageTemplate(
  html: string,
  files: StaticFiles,
  languages: readonly Language[],
): PageTemplate {
  const { started, imported, postponed, later } = modulesOf(html, files);
  const whole = fillIn(html, {
    text: {},
    html: {
      icons: spriteOf(html, files),
      modulepreload: modulePreloads(imported),
      laterModulepreload: modulePreloads(postponed),
      qualities: qualityButtons(),
      filters: filterButtons(),
    },
  });
  const scripts = [...started, ...imported, ...postponed, ...later].map((path) =>
    textOf(files, path)
  );
  const filled = new Map<Language, string>();
  return (language) => {
    let template = filled.get(language);
    if (template === undefined) {
      template = fillIn(whole, {
        text: { ...textValues(language.texts), language: language.tag },
        html: {
          languageMenu: languageMenu(language, languages),
          texts: textsElement(textsNamedIn(scripts, language.texts)),
        },
      });
      filled.set(language, template);
    }
    return template;
  };
}
