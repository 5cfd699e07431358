import { Buffer, isUtf8 } from "node:buffer";

/** WHATWG's superset of ISO-8859-1, which older programs and terminals use for umlauts. */
const LATIN = new TextDecoder("windows-1252");

/** A byte beyond ASCII, literal or percent-encoded. */
const NOT_ASCII = /%[89a-f][\da-f]|[\x80-\xff]/gi;

/** Decodes bytes as UTF-8, or as Windows-1252 if they are not UTF-8. */
export function decodeText(bytes: Uint8Array): string {
  return isUtf8(bytes) ? Buffer.from(bytes).toString() : LATIN.decode(bytes);
}

/** Decodes the fields of an `application/x-www-form-urlencoded` body in the same way. */
export function decodeForm(body: Uint8Array): URLSearchParams {
  const text = Buffer.from(body).toString("latin1");
  const decoded = text.replace(NOT_ASCII, (found) => String.fromCharCode(byteOf(found)));
  if (isUtf8(Buffer.from(decoded, "latin1"))) return new URLSearchParams(decodeText(body));
  const encoded = text.replace(
    NOT_ASCII,
    (found) => encodeURIComponent(LATIN.decode(Uint8Array.of(byteOf(found)))),
  );
  return new URLSearchParams(encoded);
}

function byteOf(found: string): number {
  return found.startsWith("%") ? parseInt(found.slice(1), 16) : found.charCodeAt(0);
}
