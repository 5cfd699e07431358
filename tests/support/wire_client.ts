import { Buffer } from "node:buffer";
import { request } from "node:http";

/** A response with its body as it went over the wire: Deno's own client would decompress it. */
export interface WireResponse {
  readonly status: number;
  readonly headers: Headers;
  readonly body: Uint8Array;
}

/** Requests an address of a server on loopback. */
export function fetchWire(
  url: string,
  headers: Readonly<Record<string, string>> = {},
  method = "GET",
): Promise<WireResponse> {
  return new Promise((resolve, reject) => {
    const sent = request(
      url,
      { method, headers: { ...headers, connection: "close" } },
      (response) => {
        const chunks: Uint8Array[] = [];
        response.on("data", (chunk: Uint8Array) => chunks.push(chunk));
        response.on("error", reject);
        response.on("end", () => {
          const lines = Object.entries(response.headers).map((
            [name, value],
          ) => [name, String(value)]);
          resolve({
            status: response.statusCode ?? 0,
            headers: new Headers(lines as [string, string][]),
            body: Buffer.concat(chunks),
          });
        });
      },
    );
    sent.on("error", reject);
    sent.end();
  });
}
