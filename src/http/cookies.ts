// @ts-types="./std_http.d.ts"
import { getCookies, setCookie } from "@std/http/cookie";
import type { Call } from "./call.ts";

/**
 * Returns the cookies of a request, by name. Malformed ones, such as nothing after a last semicolon,
 * are ignored (RFC 6265 section 5.2), so that cookies of other servers cannot lock a page out. Of two
 * with the same name the first counts: it has the longer path (RFC 6265 section 5.4), so it is this
 * server's if another server has the rest of the host name.
 */
export function cookiesOf(request: Pick<Request, "headers">): Readonly<Record<string, string>> {
  const pairs = (request.headers.get("cookie") ?? "").split(";");
  const sound = pairs.filter((pair) => !/^\s*(=|$)/.test(pair));
  if (sound.length === 0) return {};
  // Of two with the same name `getCookies` takes the last.
  return getCookies(new Headers({ cookie: sound.reverse().join(";") }));
}

/**
 * Returns the name of a cookie over HTTPS. Its prefix keeps pages without HTTPS from setting it and, if
 * the server has the whole host name, other hosts of the domain too: `__Host-` allows no path but `/`
 * (RFC 6265bis section 4.1.3).
 */
export function secureName(name: string, { basePath }: Pick<Call, "basePath">): string {
  return `${basePath === "/" ? "__Host-" : "__Secure-"}${name}`;
}

/** Returns the name of a cookie for a call: over HTTPS it has a prefix. */
export function cookieName(name: string, call: Pick<Call, "url" | "basePath">): string {
  return isSecure(call) ? secureName(name, call) : name;
}

/** A cookie to set. */
export interface GivenCookie {
  /** Name without the prefix for HTTPS. */
  readonly name: string;
  /** Value, without characters that cookies forbid. */
  readonly value: string;
  /** Lifetime. Seconds. */
  readonly maxAge: number;
}

/** Sets a cookie, for this server's pages only, in the headers of a response. */
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
