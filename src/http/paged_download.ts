import type { Outcome } from "../channel/refusal.ts";
import { refusedProblem } from "./input.ts";

/** The pages of a file, each of which may fail to be read. */
export type Pages = Iterator<Outcome<{ readonly text: string }>>;

/**
 * Returns a response with a file that is read a page at a time, as the client takes it, so that viewers'
 * frames come in between.
 *
 * @throws {HttpProblem} 503 if the first page cannot be read. Later on, the response breaks off.
 */
export function pagedDownload(pages: Pages, type: string, fileName: string): Response {
  const first = nextOf(pages);
  const encoder = new TextEncoder();
  async function* encoded() {
    for (let page = first; page !== null; page = nextOf(pages)) {
      if (page !== "") yield encoder.encode(page);
      await new Promise((resolve) => setTimeout(resolve));
    }
  }
  return new Response(ReadableStream.from(encoded()), {
    headers: {
      "content-type": `${type}; charset=utf-8`,
      "content-disposition": `attachment; filename="${fileName}"`,
      "cache-control": "no-store",
    },
  });
}

/** Returns the next page; `null` after the last one. */
function nextOf(pages: Pages): string | null {
  const { done, value } = pages.next();
  if (done) return null;
  if ("refused" in value) throw refusedProblem(value.refused);
  return value.text;
}
