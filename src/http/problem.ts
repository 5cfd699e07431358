// @ts-types="./std_http.d.ts"
import { accepts } from "@std/http/negotiation";
// @ts-types="./std_http.d.ts"
import { STATUS_TEXT } from "@std/http/status";
// @ts-types="./std_html.d.ts"
import { escape } from "@std/html/entities";
import { relativePath } from "./relative_path.ts";

/** A request that cannot be answered as asked. The message tells the client what to do. */
export class HttpProblem extends Error {
  override readonly name = "HttpProblem";
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;

  constructor(status: number, detail: string, headers: Readonly<Record<string, string>> = {}) {
    super(detail);
    this.status = status;
    this.headers = headers;
  }
}

/**
 * The answer to such a request: JSON `{ error, detail }`, or a small page where that is preferred.
 *
 * @param path As `Call.askedPath`; empty where that is not known.
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
