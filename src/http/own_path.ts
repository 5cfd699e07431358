/** Any origin that is nobody's (RFC 6761 section 6.4). */
const OWN = "http://own.invalid";

/** Longer ones are not worth coming back to. Characters. */
const MAX_LENGTH = 1000;

/**
 * The path, with its query, of a page of this server that someone is to be sent to; `null` for what
 * leads elsewhere, such as `https://evil.example`, `//evil.example` or `/\evil.example`.
 */
export function ownPath(text: string): string | null {
  if (!text.startsWith("/") || text.length > MAX_LENGTH) return null;
  // Read as browsers do, who take `\` for `/` and leave out line ends; then written anew.
  const url = URL.canParse(text, OWN) ? new URL(text, OWN) : null;
  if (url?.origin !== OWN || url.pathname.startsWith("//")) return null;
  return url.pathname + url.search;
}
