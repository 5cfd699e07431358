// @ts-types="./std_http.d.ts"
import { getCookies } from "@std/http/cookie";

/**
 * The cookies that a client sent, by their names. What is none, such as what stands behind a last
 * semicolon, is passed over (RFC 6265 section 5.2), so that others' cookies cannot lock a page out.
 */
export function cookiesOf(request: Request): Readonly<Record<string, string>> {
  const pairs = (request.headers.get("cookie") ?? "").split(";");
  const sound = pairs.filter((pair) => !/^\s*(=|$)/.test(pair));
  return sound.length === 0 ? {} : getCookies(new Headers({ cookie: sound.join(";") }));
}
