/**
 * Whether a text is the origin of a site of HTTP or HTTPS, as browsers write it (RFC 6454 section 6.2). A
 * host may hold other characters than these, which would mean something in headers and in a shell.
 */
export function isOrigin(text: string): boolean {
  return /^https?:\/\/[a-z0-9.:[\]_-]+$/.test(text) && URL.parse(text)?.origin === text;
}
