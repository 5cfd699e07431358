/**
 * Returns a relative reference (RFC 3986 section 4.2) from one path of this server to another. It also
 * works behind a proxy that serves both below a path of its own.
 *
 * @param from A path without query, such as `/admin/state`; empty counts as `/`.
 * @param to A path, with query and fragment if there are any.
 */
export function relativePath(from: string, to: string): string {
  const depth = from.split("/").length - 2;
  return (depth > 0 ? "../".repeat(depth) : "./") + to.slice(1);
}

/**
 * Returns a redirect to another path of this server, which the client then requests with GET.
 *
 * @param from The call that it answers.
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
