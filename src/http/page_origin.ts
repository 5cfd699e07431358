import { isOrigin } from "../origin.ts";

/** Longest origin of a real site. Characters. */
const MAX_ORIGIN = 200;

/**
 * Returns the origin of the page that sent a request, from its Origin or else its Referer header;
 * `null` if neither names a site of HTTP or HTTPS. Programs can claim any origin, but none that harms
 * whoever copies it from the log.
 */
export function pageOrigin(headers: Headers): string | null {
  const url = URL.parse(headers.get("origin") ?? headers.get("referer") ?? "");
  if (!url || url.origin.length > MAX_ORIGIN || !isOrigin(url.origin)) return null;
  return url.origin;
}
