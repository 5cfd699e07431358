/** Characters that a value may have as they are (RFC 8187 section 3.2.1), of those that `encodeURIComponent` leaves. */
const NOT_PLAIN = /['()*]/g;

/**
 * Returns the value of `Content-Disposition` that makes browsers save a file under a name (RFC 6266).
 * Old ones get the name with `_` for all but ASCII.
 */
export function attachment(name: string): string {
  const ascii = name.normalize("NFC").replace(/[^\x20-\x7e]|["\\%]/gu, "_");
  const encoded = encodeURIComponent(name.toWellFormed())
    .replace(NOT_PLAIN, (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`);
  return `attachment; filename="${ascii}"; filename*=UTF-8''${encoded}`;
}
