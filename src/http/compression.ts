import { gzipSync } from "node:zlib";
// @ts-types="./std_http.d.ts"
import { acceptsEncodings } from "@std/http/negotiation";

/** The request header that decides whether a response is compressed. */
export const VARY_ENCODING = { vary: "accept-encoding" };

/**
 * Whether a client takes gzip. One that does not say, as curl without `--compressed`, would print it as
 * it is. Browsers take nothing better over plain HTTP.
 */
export function takesGzip(request: Pick<Request, "headers">): boolean {
  return !!request.headers.get("accept-encoding") &&
    acceptsEncodings(request, "gzip", "identity") === "gzip";
}

/**
 * Returns content as gzip.
 *
 * @param level 1 for what is compressed for each request, which takes a third of the time of the default.
 */
export function gzip(content: string | Uint8Array, level?: 1): Uint8Array<ArrayBuffer> {
  return new Uint8Array(gzipSync(content, { level }));
}

/** Returns a page as a response, compressed if the client takes that. */
export function pageResponse(
  request: Pick<Request, "headers">,
  html: string,
  headers: Headers,
): Response {
  headers.append("vary", VARY_ENCODING.vary);
  if (!takesGzip(request)) return new Response(html, { headers });
  headers.set("content-encoding", "gzip");
  return new Response(gzip(html, 1), { headers });
}
