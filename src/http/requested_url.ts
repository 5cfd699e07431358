import { HttpProblem } from "./problem.ts";

/** A name or an address, in brackets where it is IPv6, and maybe a port (RFC 9110 section 7.2). */
const AUTHORITY = /^(?:\[[0-9a-f:.]{2,45}\]|[a-z0-9](?:[a-z0-9._-]{0,253}))(?::\d{1,5})?$/i;

/**
 * What a request asks for, by whatever name the client gave the server: in Host, in the target
 * itself, or as HTTP/2's `:authority`. A request without any, as HTTP/1.0 allows, names no server,
 * and stands as one for `localhost`; browsers send none such.
 *
 * @throws {HttpProblem} 400 where the names contradict each other, or make no sense.
 */
export function requestedUrl(request: Request): URL {
  const host = request.headers.get("host");
  // Deno puts Host before the path as it comes, with whatever is in it.
  if (host !== null && !AUTHORITY.test(host)) {
    throw new HttpProblem(400, "Send the server's name, and maybe its port, as Host");
  }
  const url = URL.parse(request.url);
  if (!url || !/^https?:$/.test(url.protocol) || url.username !== "" || url.password !== "") {
    throw new HttpProblem(400, "Ask for a path of this server");
  }
  if (host !== null && URL.parse(`${url.protocol}//${host}`)?.host !== url.host) {
    throw new HttpProblem(400, "Name the server once: the address and Host contradict each other");
  }
  return url;
}
