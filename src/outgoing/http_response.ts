import { type Connection, OutgoingError } from "./connection.ts";

/** The answer to a request; its body is read and forgotten. */
export interface HttpResponse {
  /** The status code. */
  readonly status: number;
  /** What the header `Retry-After` says, seconds; `null` without it. */
  readonly retryAfter: number | null;
}

/** What {@linkcode readResponse} found out. */
export interface ReadResponse extends HttpResponse {
  /** Whether the connection can take another request. */
  readonly isReusable: boolean;
}

/** The longest head, and the longest body for which a connection is kept. Bytes. */
const MAX_HEAD = 16 * 1024;
const MAX_BODY = 64 * 1024;

/**
 * Reads an answer of HTTP/1.1.
 *
 * @throws {OutgoingError} The connection ended before its head did, or it is not HTTP.
 */
export async function readResponse(
  connection: Pick<Connection, "read">,
): Promise<ReadResponse> {
  let text = "";
  for (;;) {
    const end = text.indexOf("\r\n\r\n");
    if (end < 0) {
      if (text.length > MAX_HEAD) throw new OutgoingError("it does not speak HTTP");
      const chunk = await connection.read();
      if (chunk === null) throw new OutgoingError("it closed the connection without an answer");
      text += latin1(chunk);
      continue;
    }
    const head = readHead(text.slice(0, end));
    text = text.slice(end + 4);
    // Interim answers, such as 100 Continue.
    if (head.status < 200) continue;
    const left = head.length === null ? null : head.length - text.length;
    const isWhole = left !== null && !head.isLast && await skip(connection, left);
    return { status: head.status, retryAfter: head.retryAfter, isReusable: isWhole };
  }
}

/** Reads the rest of a body; returns whether it ended where it should. */
async function skip(connection: Pick<Connection, "read">, length: number): Promise<boolean> {
  if (length > MAX_BODY) return false;
  let left = length;
  while (left > 0) {
    const chunk = await connection.read();
    if (chunk === null) return false;
    left -= chunk.length;
  }
  return left === 0;
}

interface Head {
  readonly status: number;
  /** Bytes of the body; `null` if it has to be read to find out. */
  readonly length: number | null;
  readonly isLast: boolean;
  readonly retryAfter: number | null;
}

function readHead(text: string): Head {
  const [first = "", ...lines] = text.split("\r\n");
  const [, version, code] = /^HTTP\/1\.([01]) (\d{3})(?: |$)/.exec(first) ?? [];
  if (code === undefined) throw new OutgoingError("it does not speak HTTP");
  const headers = new Map<string, string>();
  for (const line of lines) {
    const [, name, value] = /^([^\s:]+):\s*(.*?)\s*$/.exec(line) ?? [];
    if (name !== undefined) headers.set(name.toLowerCase(), value!);
  }
  const number = (name: string) => {
    const value = headers.get(name);
    return value !== undefined && /^\d{1,12}$/.test(value) ? Number(value) : null;
  };
  const status = Number(code);
  const hasNoBody = status === 204 || status === 304 || status < 200;
  return {
    status,
    length: hasNoBody ? 0 : headers.has("transfer-encoding") ? null : number("content-length"),
    isLast: version === "0" || /\bclose\b/i.test(headers.get("connection") ?? ""),
    retryAfter: number("retry-after"),
  };
}

function latin1(bytes: Uint8Array): string {
  let text = "";
  // The arguments of one call must not be too many.
  for (let i = 0; i < bytes.length; i += 8192) {
    text += String.fromCharCode(...bytes.subarray(i, i + 8192));
  }
  return text;
}
