import type { StaticFiles } from "../static_files.ts";
import { filterButtons, qualityButtons } from "./choice_buttons.ts";
import { spriteOf } from "./icons.ts";
import { modulePreloads } from "./module_preloads.ts";
import { fillIn } from "./template.ts";

/**
 * Fills in what a page shows to every viewer alike: its icons, its modules and the buttons for what
 * the server offers. Runs once for each page, at start; the routes fill in the rest.
 */
export function pageTemplate(html: string, files: StaticFiles): string {
  return fillIn(html, {
    text: {},
    html: {
      icons: spriteOf(html, files),
      modulepreload: modulePreloads(html, files),
      qualities: qualityButtons(),
      filters: filterButtons(),
    },
  });
}
