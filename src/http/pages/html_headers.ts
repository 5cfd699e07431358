import type { Language } from "./page_texts.ts";

/** Returns the headers of a page that is made anew for each request. */
export function htmlHeaders({ tag }: Pick<Language, "tag">): Record<string, string> {
  return {
    "content-type": "text/html; charset=utf-8",
    "content-language": tag,
    "cache-control": "no-store",
  };
}
