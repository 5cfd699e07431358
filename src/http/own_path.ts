/** An origin that no site can have (RFC 6761 section 6.4). */
const OWN = "http://own.invalid";

/** The longest path worth returning to. Characters. */
const MAX_LENGTH = 1000;

/**
 * Returns the path and query of a page of this server, for a redirect; `null` for anything that leads
 * elsewhere, such as `https://evil.example`, `//evil.example` or `/\evil.example`.
 */
export function ownPath(text: string): string | null {
  if (!text.startsWith("/") || text.length > MAX_LENGTH) return null;
  // Parse it as browsers do, which take `\` for `/` and leave out line ends; then write it again.
  const url = URL.canParse(text, OWN) ? new URL(text, OWN) : null;
  if (url?.origin !== OWN || url.pathname.startsWith("//")) return null;
  return url.pathname + url.search;
}
