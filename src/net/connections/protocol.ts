/** The protocol of a connection; `null` if it is not known. */
export type Protocol = "HTTP/1" | "HTTP/2" | null;

/** Headers that make an HTTP/2 request malformed (RFC 9113 section 8.2.2): Deno resets its stream. */
const HTTP_1_HEADERS = [
  "connection",
  "keep-alive",
  "proxy-connection",
  "transfer-encoding",
  "upgrade",
];

/** The length of what a server sends before its first answer if an HTTP/1.1 request asks for it. Bytes. */
const CONTINUE_BYTES = "HTTP/1.1 100 Continue\r\n\r\n".length;

/** Returns whether a request can only have come over HTTP/1. */
export function provesHttp1(headers: Headers): boolean {
  return HTTP_1_HEADERS.some((name) => headers.has(name));
}

/**
 * Returns the protocol of a connection without TLS. `Deno.serve` accepts HTTP/2 there, too, and does not
 * report it. But a server that speaks HTTP/2 sends its settings at once (RFC 9113 section 3.4), and one
 * that speaks HTTP/1 sends nothing before it answers.
 *
 * @param headers The headers of the first request.
 * @param written How much the server wrote before it answered; `null` if that is not known. Bytes.
 */
export function protocolBy(headers: Headers, written: number | null): Protocol {
  if (written === null) return null;
  return written > (headers.has("expect") ? CONTINUE_BYTES : 0) ? "HTTP/2" : "HTTP/1";
}
