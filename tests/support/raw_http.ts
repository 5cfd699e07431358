/** A response as received. */
export interface RawAnswer {
  readonly status: number;
  readonly headers: Headers;
  /** The body received before it was complete or the server closed. */
  readonly body: string;
}

/** Connects to a server on loopback and sends this text, unchanged. */
export async function openRaw(
  { port }: { readonly port: number },
  text: string,
): Promise<Deno.TcpConn> {
  const connection = await Deno.connect({ hostname: "127.0.0.1", port });
  await connection.write(new TextEncoder().encode(text));
  return connection;
}

/**
 * Sends a request unchanged over its own connection and returns the response. For an endless body
 * or an upgrade, it waits only for the head.
 *
 * @throws {Error} The server closed the connection without a response.
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
  // The server may respond and close before everything is sent.
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

/** Returns the lines of a request, including the empty one after its header. */
export function requestOf(...lines: readonly string[]): string {
  return [...lines, "", ""].join("\r\n");
}

/** Returns a GET request with these headers. */
export function getRequest(
  path: string,
  headers: Readonly<Record<string, string>>,
  version: "1.0" | "1.1" = "1.1",
): string {
  const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}`);
  return requestOf(`GET ${path} HTTP/${version}`, ...lines);
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

/** Parses a response's status and headers from its head; the status is NaN if missing. */
export function headOf(text: string): { status: number; headers: Headers } {
  const [first, ...lines] = text.split("\r\n");
  const headers = new Headers();
  for (const line of lines) {
    const colon = line.indexOf(":");
    headers.append(line.slice(0, colon), line.slice(colon + 1));
  }
  return { status: Number(/^HTTP\/1\.[01] (\d{3})/.exec(first)?.[1] ?? NaN), headers };
}
