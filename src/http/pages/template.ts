// @ts-types="../std_html.d.ts"
import { escape } from "@std/html/entities";

/** The values of a page. */
export interface PageValues {
  /** For `{{name}}`; escaped. */
  readonly text: Readonly<Record<string, string>>;
  /** For `{{{name}}}`; inserted as HTML. */
  readonly html: Readonly<Record<string, string>>;
}

/** A place in a template for a value. */
interface Slot {
  readonly name: string;
  readonly isHtml: boolean;
  /** The slot as the template has it. */
  readonly whole: string;
}

const SLOT = /\{\{\{ ?([\w.-]+) ?\}\}\}|\{\{ ?([\w.-]+) ?\}\}/g;

/** The parts of each template. Only the program's own templates come here, so they are few. */
const templates = new Map<string, readonly (string | Slot)[]>();

/** Replaces `{{name}}` and `{{{name}}}` with their values. Unknown names stay as they are. */
export function fillIn(template: string, { text, html }: PageValues): string {
  let parts = templates.get(template);
  if (!parts) templates.set(template, parts = partsOf(template));
  let filled = "";
  for (const part of parts) {
    if (typeof part === "string") filled += part;
    else if (part.isHtml) filled += Object.hasOwn(html, part.name) ? html[part.name] : part.whole;
    else filled += Object.hasOwn(text, part.name) ? escape(text[part.name]) : part.whole;
  }
  return filled;
}

function partsOf(template: string): (string | Slot)[] {
  const parts: (string | Slot)[] = [];
  let end = 0;
  for (const match of template.matchAll(SLOT)) {
    const [whole, html, text] = match;
    parts.push(template.slice(end, match.index));
    parts.push({ name: html ?? text, isHtml: html !== undefined, whole });
    end = match.index + whole.length;
  }
  return [...parts, template.slice(end)];
}
