import { QUALITY_NAMES } from "../../media/qualities.ts";
import { FILTERS } from "../../media/rendition.ts";

/**
 * Returns the buttons of the quality levels, best first. Keys 1, 2, … press them in this order
 * (static/js/shortcuts.js).
 */
export function qualityButtons(): string {
  return QUALITY_NAMES.map((name) =>
    button(
      "quality",
      name,
      `aria-describedby="mode-note" {{disabled.quality}}`,
      `{{text.common.quality.${name}}}`,
    )
  ).join("\n");
}

/** Returns the buttons of the filters, each with a small picture that css/controls.css may change. */
export function filterButtons(): string {
  return FILTERS.map((name) =>
    button(
      "filter",
      name,
      "",
      `<span class="swatch swatch-${name}"></span>{{text.watch.filter.${name}}}`,
    )
  ).join("\n");
}

/** Returns a button that sends a choice, also without JavaScript. The page route fills in its state. */
function button(choice: string, value: string, attributes: string, content: string): string {
  const pressed = `aria-pressed="{{pressed.${choice}.${value}}}"`;
  return `<button name="${choice}" value="${value}" ${pressed} ${attributes}>${content}</button>`;
}
