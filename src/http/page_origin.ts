import { isOrigin } from "../origin.ts";

/** No site has a longer one. Characters. */
const MAX_ORIGIN = 200;

/**
 * Returns the origin of the page that sent a request, by its Origin header, or without one by its
 * Referer; `null` if it names no site of HTTP or HTTPS. Programs can send any origin, but none that
 * harms whoever copies it from the log.
 */
export function pageOrigin(headers: Headers): string | null {
  const url = URL.parse(headers.get("origin") ?? headers.get("referer") ?? "");
  if (!url || url.origin.length > MAX_ORIGIN || !isOrigin(url.origin)) return null;
  return url.origin;
}
