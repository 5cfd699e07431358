// @ts-types="./std_http.d.ts"
import { accepts } from "@std/http/negotiation";
// @ts-types="./std_http.d.ts"
import { STATUS_TEXT } from "@std/http/status";
// @ts-types="./std_html.d.ts"
import { escape } from "@std/html/entities";
import { relativePath } from "./relative_path.ts";

/** A request that cannot be answered as asked. The message says what the client can do about it. */
export class HttpProblem extends Error {
  /** Names the class in logs. */
  override readonly name = "HttpProblem";
  /** HTTP status of the response. */
  readonly status: number;
  /** Headers of the response. */
  readonly headers: Readonly<Record<string, string>>;

  /**
   * Creates a problem.
   *
   * @param detail What the client can do about it.
   */
  constructor(status: number, detail: string, headers: Readonly<Record<string, string>> = {}) {
    super(detail);
    this.status = status;
    this.headers = headers;
  }
}

/**
 * Returns the response to such a request: JSON `{ error, detail }`, or a small page for clients that
 * prefer HTML.
 *
 * @param path As in `Call.askedPath`; empty if unknown.
 */
export function problemResponse(
  request: Pick<Request, "headers">,
  problem: HttpProblem,
  path: string,
): Response {
  const { status, message: detail, headers } = problem;
  const error = STATUS_TEXT[status] ?? "Error";
  if (accepts(request, "application/json", "text/html") !== "text/html") {
    return Response.json({ error, detail }, { status, headers });
  }
  return new Response(page(status, error, detail, relativePath(path, "/")), {
    status,
    headers: { ...headers, "content-type": "text/html; charset=utf-8" },
  });
}

function page(status: number, error: string, detail: string, home: string): string {
  return `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${status} ${error}</title>
<h1>${error}</h1>
<p>${escape(detail)}</p>
<p><a href="${home}">Back to the stream</a></p>
</html>
`;
}
