// @ts-types="./std_html.d.ts"
import { escape } from "@std/html/entities";

/** What a page is filled in with. */
export interface PageValues {
  /** For `{{name}}`; made safe for HTML. */
  readonly text: Readonly<Record<string, string>>;
  /** For `{{{name}}}`; HTML already. */
  readonly html: Readonly<Record<string, string>>;
}

/** Replaces `{{name}}` and `{{{name}}}` by their values; unknown names stay as they are. */
export function fillIn(template: string, { text, html }: PageValues): string {
  return template.replace(
    /\{\{\{ ?([\w.]+) ?\}\}\}|\{\{ ?([\w.]+) ?\}\}/g,
    (whole, raw: string | undefined, name: string) => {
      if (raw !== undefined) return Object.hasOwn(html, raw) ? html[raw] : whole;
      return Object.hasOwn(text, name) ? escape(text[name]) : whole;
    },
  );
}
