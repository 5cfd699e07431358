import { HttpProblem } from "./problem.ts";

/** A name or an address, IPv6 in brackets, with an optional port (RFC 9110 section 7.2). */
const AUTHORITY = /^(?:\[[0-9a-f:.]{2,45}\]|[a-z0-9](?:[a-z0-9._-]{0,253}))(?::\d{1,5})?$/i;

/**
 * Returns the URL of a request, with the server's name as the client gave it: in Host, in the target
 * itself, or as HTTP/2's `:authority`. HTTP/1.0 allows requests without a name, which count as requests
 * for `localhost`; browsers never send them.
 *
 * @throws {HttpProblem} 400 if the names contradict each other or are malformed.
 */
export function requestedUrl(request: Request): URL {
  const host = request.headers.get("host");
  // Deno puts Host before the path unchecked.
  if (host !== null && !AUTHORITY.test(host)) {
    throw new HttpProblem(
      400,
      "The Host header must be the server's name, with or without its port",
    );
  }
  const url = URL.parse(request.url);
  if (!url || !/^https?:$/.test(url.protocol) || url.username !== "" || url.password !== "") {
    throw new HttpProblem(400, "Request a path of this server");
  }
  if (host !== null && URL.parse(`${url.protocol}//${host}`)?.host !== url.host) {
    throw new HttpProblem(400, "The Host header contradicts the requested address");
  }
  return url;
}
