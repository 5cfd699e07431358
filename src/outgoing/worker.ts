/// <reference no-default-lib="true" />
/// <reference lib="deno.worker" />

/**
 * The thread that connects to other servers: the only one that may, and it may do nothing else. It answers each
 * message when it is done, in no order.
 */

/** What the main thread asks for. The numbers of connections are its own. */
export type ConnectionTask =
  | {
    readonly task: "connect";
    readonly connection: number;
    /** An IPv4 address; `null` to look the name up here. */
    readonly address: string | null;
    /** The name that the certificate must have. */
    readonly host: string;
    readonly port: number;
    readonly isSecure: boolean;
  }
  | { readonly task: "read"; readonly connection: number }
  | {
    readonly task: "write";
    readonly connection: number;
    readonly bytes: Uint8Array<ArrayBuffer>;
  }
  | { readonly task: "close"; readonly connection: number };

/** What the main thread sends. */
export interface ConnectionRequest {
  /** Is in the answer. */
  readonly id: number;
  /** What to do. */
  readonly task: ConnectionTask;
}

/** What the worker answers: bytes to a `read` (`null` at the end), else nothing. */
export type ConnectionAnswer =
  | { readonly id: number; readonly result: Uint8Array<ArrayBuffer> | null }
  | {
    readonly id: number;
    /** For people, to follow a colon. */
    readonly error: string;
  };

/** Bytes read at once. */
const CHUNK = 64 * 1024;

interface Opened {
  readonly opening: Promise<Deno.Conn>;
  /** Ends the attempt, as long as there is no connection. */
  readonly ending: AbortController;
  /** Settles when all that was given has been written. */
  written: Promise<unknown>;
}

const connections = new Map<number, Opened>();

async function connect(
  { address, host, port, isSecure }: Extract<ConnectionTask, { task: "connect" }>,
  signal: AbortSignal,
): Promise<Deno.Conn> {
  const hostname = address ?? (await Deno.resolveDns(host, "A", { signal }))[0];
  if (hostname === undefined) throw new Deno.errors.NotFound();
  const plain = await Deno.connect({ hostname, port, signal });
  // Small messages are sent one by one, and each is worth sending at once.
  plain.setNoDelay();
  if (!isSecure) return plain;
  let connection: Deno.Conn = plain;
  try {
    // It takes `plain` over, so that closing that does nothing any more.
    const secure = await Deno.startTls(plain, { hostname: host });
    connection = secure;
    // Nothing can end it early: Deno 2.9 keeps the socket even of one that is closed, until the server answers or ends.
    await secure.handshake();
    return secure;
  } catch (error) {
    closeQuietly(connection);
    throw error;
  }
}

function closeQuietly(connection: Deno.Conn): void {
  try {
    connection.close();
  } catch {
    // It is closed already.
  }
}

async function writeAll(connection: Deno.Conn, bytes: Uint8Array<ArrayBuffer>): Promise<void> {
  for (let from = 0; from < bytes.length;) from += await connection.write(bytes.subarray(from));
}

async function carryOut(task: ConnectionTask): Promise<Uint8Array<ArrayBuffer> | null> {
  if (task.task === "connect") {
    const ending = new AbortController();
    const opening = connect(task, ending.signal);
    connections.set(task.connection, { opening, ending, written: opening.catch(() => {}) });
    await opening;
    return null;
  }
  const opened = connections.get(task.connection);
  if (!opened) throw new Deno.errors.BadResource();
  const { opening, ending } = opened;
  if (task.task === "close") {
    connections.delete(task.connection);
    ending.abort();
    // One that does not come about has closed itself.
    opening.then(closeQuietly, () => {});
    return null;
  }
  const connection = await opening;
  if (task.task === "write") {
    // The system may take a part at a time; what comes next must not get between.
    const writing = opened.written.then(() => writeAll(connection, task.bytes));
    opened.written = writing.catch(() => {});
    await writing;
    return null;
  }
  const chunk = new Uint8Array(CHUNK);
  const length = await connection.read(chunk);
  return length === null ? null : chunk.slice(0, length);
}

function reasonOf(error: unknown): string {
  const { errors } = Deno;
  if (error instanceof errors.ConnectionRefused) return "connection refused";
  if (error instanceof errors.TimedOut) return "no answer";
  if (error instanceof errors.NotFound) return "no such host";
  if (error instanceof errors.BadResource) return "the connection was closed";
  if (error instanceof errors.NotCapable) return "only IPv4 addresses can be reached";
  const text = error instanceof Error ? error.message : String(error);
  const [, certificate] = /invalid peer certificate: (.*)/.exec(text) ?? [];
  if (certificate !== undefined) return `its certificate is not trusted (${certificate})`;
  if (error instanceof errors.InvalidData) return "it does not speak TLS";
  if (error instanceof errors.UnexpectedEof) return "it closed the connection";
  if (error instanceof errors.ConnectionReset || error instanceof errors.BrokenPipe) {
    return "it closed the connection";
  }
  return text.replace(/ \(os error \d+\)$/, "");
}

self.onmessage = async ({ data: { id, task } }: MessageEvent<ConnectionRequest>) => {
  let answer: ConnectionAnswer;
  try {
    answer = { id, result: await carryOut(task) };
  } catch (error) {
    answer = { id, error: reasonOf(error) };
  }
  const bytes = "result" in answer ? answer.result : null;
  self.postMessage(answer, bytes ? [bytes.buffer] : []);
};
