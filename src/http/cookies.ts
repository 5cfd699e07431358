// @ts-types="./std_http.d.ts"
import { getCookies, setCookie } from "@std/http/cookie";
import type { Call } from "./router.ts";

/**
 * Returns the cookies that a client sent, by name. What is no cookie, such as the nothing behind a
 * last semicolon, is ignored (RFC 6265 section 5.2), so that others' cookies cannot lock a page out.
 * Of two with one name the first counts: it has the longer path (RFC 6265 section 5.4), so it is this
 * server's where another one has the rest of the host name.
 */
export function cookiesOf(request: Request): Readonly<Record<string, string>> {
  const pairs = (request.headers.get("cookie") ?? "").split(";");
  const sound = pairs.filter((pair) => !/^\s*(=|$)/.test(pair));
  if (sound.length === 0) return {};
  // Of two with one name `getCookies` takes the last.
  return getCookies(new Headers({ cookie: sound.reverse().join(";") }));
}

/**
 * Returns the name that a cookie has over HTTPS. Its prefix keeps pages without HTTPS from setting it
 * and, where the server has the whole host name, other hosts of the domain as well: `__Host-` allows
 * no path but `/` (RFC 6265bis section 4.1.3).
 */
export function secureName(name: string, { basePath }: Pick<Call, "basePath">): string {
  return `${basePath === "/" ? "__Host-" : "__Secure-"}${name}`;
}

/** Returns the name under which a browser that asks like this is given a cookie. */
export function cookieName(name: string, call: Pick<Call, "url" | "basePath">): string {
  return isSecure(call) ? secureName(name, call) : name;
}

/** What {@linkcode giveCookie} gives. */
export interface GivenCookie {
  readonly name: string;
  readonly value: string;
  /** Seconds. */
  readonly maxAge: number;
}

/** Gives the browser that asks a cookie, for this server's pages alone, in the headers of an answer. */
export function giveCookie(
  call: Pick<Call, "url" | "basePath">,
  headers: Headers,
  { name, value, maxAge }: GivenCookie,
): void {
  setCookie(headers, {
    name: cookieName(name, call),
    value,
    path: call.basePath,
    maxAge,
    httpOnly: true,
    sameSite: "Lax",
    secure: isSecure(call),
  });
}

function isSecure({ url }: Pick<Call, "url">): boolean {
  return url.protocol === "https:";
}
