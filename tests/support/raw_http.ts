/** The answer to a request, as it came over the wire. */
export interface RawAnswer {
  readonly status: number;
  readonly headers: Headers;
  /** What of the body came with or after the head, before the server closed or the body was whole. */
  readonly body: string;
}

/**
 * Sends a request as it is written here, over a connection of its own, and gives the answer. Of
 * an endless body, or that of an upgrade, only the head is waited for.
 *
 * @throws {Error} The server closed the connection without an answer.
 */
export async function rawHttp(
  { port }: { readonly port: number },
  request: string,
): Promise<RawAnswer> {
  using connection = await Deno.connect({ hostname: "127.0.0.1", port });
  const bytes = new TextEncoder().encode(request);
  const sending = (async () => {
    for (let at = 0; at < bytes.length;) at += await connection.write(bytes.subarray(at));
  })();
  // It may answer, and close, before all is sent.
  sending.catch(() => {});
  let received = "";
  const decoder = new TextDecoder();
  const buffer = new Uint8Array(65536);
  for (;;) {
    const length = await connection.read(buffer);
    if (length !== null) received += decoder.decode(buffer.subarray(0, length), { stream: true });
    const answer = answerIn(received);
    const isWhole = length === null || request.startsWith("HEAD ") || answer?.status === 304;
    if (answer && (isWhole || answer.missing <= 0)) return answer;
    if (length === null) throw new Error(`The server hung up: ${JSON.stringify(received)}`);
  }
}

/** Lines of a request, with the empty one that ends its header. */
export function requestOf(...lines: readonly string[]): string {
  return [...lines, "", ""].join("\r\n");
}

function answerIn(received: string): (RawAnswer & { readonly missing: number }) | null {
  const end = received.indexOf("\r\n\r\n");
  if (end < 0) return null;
  const { status, headers } = headOf(received.slice(0, end));
  const body = received.slice(end + 4);
  const length = Number(headers.get("content-length") ?? 0);
  const missing = length - new TextEncoder().encode(body).length;
  return { status, headers, body, missing };
}

/** The status and headers of an answer, from its lines before the empty one; NaN if it has no status. */
export function headOf(text: string): { status: number; headers: Headers } {
  const [first, ...lines] = text.split("\r\n");
  const headers = new Headers();
  for (const line of lines) {
    const colon = line.indexOf(":");
    headers.append(line.slice(0, colon), line.slice(colon + 1));
  }
  return { status: Number(/^HTTP\/1\.[01] (\d{3})/.exec(first)?.[1] ?? NaN), headers };
}
