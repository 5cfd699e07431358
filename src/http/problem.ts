// @ts-types="./std_http.d.ts"
import { accepts } from "@std/http/negotiation";
// @ts-types="./std_http.d.ts"
import { STATUS_TEXT } from "@std/http/status";
// @ts-types="./std_html.d.ts"
import { escape } from "@std/html/entities";
import type { Explanation } from "../live_messages.ts";
import { htmlHeaders } from "./pages/html_headers.ts";
import type { Languages } from "./pages/languages.ts";
import type { Language } from "./pages/page_texts.ts";
import { relativePath } from "./relative_path.ts";

/** A request that cannot be answered as asked. The message says what the client can do about it. */
export class HttpProblem extends Error {
  /** Names the class in logs. */
  override readonly name = "HttpProblem";
  /** HTTP status of the response. */
  readonly status: number;
  /** Headers of the response. */
  readonly headers: Readonly<Record<string, string>>;
  /** The code and values by which a page translates the message; `null` for those that no page shows. */
  readonly explanation: Explanation | null;

  /**
   * Creates a problem.
   *
   * @param detail What the client can do about it.
   */
  constructor(
    status: number,
    detail: string | Explanation,
    headers: Readonly<Record<string, string>> = {},
  ) {
    super(typeof detail === "string" ? detail : detail.reason);
    this.explanation = typeof detail === "string" ? null : detail;
    this.status = status;
    this.headers = headers;
  }
}

/** A problem may soon be over, and is JSON or a page as the client prefers. */
const UNCACHED = { "cache-control": "no-store", vary: "accept" };

/**
 * Returns the response to such a request: JSON `{ error, detail }`, with the `code` and `values` of what
 * a page translates; or a small page for clients that prefer HTML.
 *
 * @param path As in `Call.askedPath`; empty if unknown.
 * @param languages Those of the page.
 */
export function problemResponse(
  request: Pick<Request, "headers">,
  problem: HttpProblem,
  path: string,
  languages: Pick<Languages, "of">,
): Response {
  const { status, message: detail, headers, explanation } = problem;
  if (accepts(request, "application/json", "text/html") !== "text/html") {
    const error = STATUS_TEXT[status] ?? "Error";
    const { code, values } = explanation ?? {};
    return Response.json({ error, detail, code, values }, {
      status,
      headers: { ...UNCACHED, ...headers },
    });
  }
  const language = languages.of(request);
  return new Response(page(problem, language, relativePath(path, "/")), {
    status,
    headers: { ...UNCACHED, ...headers, ...htmlHeaders(language) },
  });
}

function page({ status, message, explanation }: HttpProblem, language: Language, home: string) {
  const detail = escape(explanation ? language.refusal(explanation) : message);
  return `<!doctype html>
<html lang="${language.tag}">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="dark light">
<title>${status}: ${detail}</title>
<h1>${detail}</h1>
<p><a href="${home}">${escape(language.text("problem.back"))}</a></p>
</html>
`;
}
