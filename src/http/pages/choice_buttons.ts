import { FILTER_LABELS } from "../../media/rendition.ts";
import { QUALITIES } from "../../media/qualities.ts";

/**
 * Returns the buttons of the quality levels, best first. Keys 1, 2, … press them in this order
 * (static/js/shortcuts.js).
 */
export function qualityButtons(): string {
  return Object.entries(QUALITIES).map(([name, { label }]) =>
    button("quality", name, `aria-describedby="mode-note" {{disabled.quality}}`, label)
  ).join("\n");
}

/** Returns the buttons of the filters, each with a small picture that css/controls.css may change. */
export function filterButtons(): string {
  return Object.entries(FILTER_LABELS).map(([name, label]) =>
    button("filter", name, "", `<span class="swatch swatch-${name}"></span>${label}`)
  ).join("\n");
}

/** Returns a button that sends a choice, also without JavaScript. The page route fills in its state. */
function button(choice: string, value: string, attributes: string, content: string): string {
  const pressed = `aria-pressed="{{pressed.${choice}.${value}}}"`;
  return `<button name="${choice}" value="${value}" ${pressed} ${attributes}>${content}</button>`;
}
