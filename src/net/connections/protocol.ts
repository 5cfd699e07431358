/** Which protocol a connection speaks; `null` where it is not known. */
export type Protocol = "HTTP/1" | "HTTP/2" | null;

/** Headers that make an HTTP/2 request malformed (RFC 9113 section 8.2.2): Deno resets its stream. */
const HTTP_1_HEADERS = [
  "connection",
  "keep-alive",
  "proxy-connection",
  "transfer-encoding",
  "upgrade",
];

/** What is sent before the first answer where an HTTP/1.1 request asks for it. Bytes. */
const CONTINUE_BYTES = "HTTP/1.1 100 Continue\r\n\r\n".length;

/** Whether a request can only have come by HTTP/1. */
export function provesHttp1(headers: Headers): boolean {
  return HTTP_1_HEADERS.some((name) => headers.has(name));
}

/**
 * Tells which protocol a connection without TLS speaks. `Deno.serve` takes HTTP/2 there, too, and
 * does not say so. But a server that speaks HTTP/2 sends its settings at once (RFC 9113 section 3.4),
 * and one that speaks HTTP/1 sends nothing before it answers.
 *
 * @param headers Of the first request.
 * @param written What the server had written before it answered; `null` where nobody knows. Bytes.
 */
export function protocolBy(headers: Headers, written: number | null): Protocol {
  if (written === null) return null;
  return written > (headers.has("expect") ? CONTINUE_BYTES : 0) ? "HTTP/2" : "HTTP/1";
}
