/**
 * Returns whether a text is the origin of an HTTP or HTTPS site, as browsers write it (RFC 6454 section 6.2).
 * Refuses other characters in the host, as some mean something in headers and in a shell.
 */
export function isOrigin(text: string): boolean {
  return /^https?:\/\/[a-z0-9.:[\]_-]+$/.test(text) && URL.parse(text)?.origin === text;
}
