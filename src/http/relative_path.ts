/**
 * Returns the way from one path of this server to another as a relative reference (RFC 3986 section
 * 4.2), which also leads there behind a proxy that serves both below a path of its own.
 *
 * @param from A path without its query, such as `/admin/state`; empty counts as `/`.
 * @param to A path, with its query and fragment if it has them.
 */
export function relativePath(from: string, to: string): string {
  const depth = from.split("/").length - 2;
  return (depth > 0 ? "../".repeat(depth) : "./") + to.slice(1);
}

/**
 * Redirects to another path of this server, which the client asks for with GET.
 *
 * @param from The call that is answered.
 */
export function seeOther(
  from: { readonly askedPath: string },
  to: string,
  headers: HeadersInit = {},
): Response {
  const response = new Response(null, { status: 303, headers });
  response.headers.set("location", relativePath(from.askedPath, to));
  return response;
}
