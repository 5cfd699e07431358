const PREFACE = "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n";

/** Frame types (RFC 9113 section 6). */
export const FRAME = {
  data: 0,
  headers: 1,
  reset: 3,
  settings: 4,
  ping: 6,
  goAway: 7,
  windowUpdate: 8,
} as const;

const END_STREAM = 0x1;
const END_HEADERS = 0x4;
const INITIAL_WINDOW_SIZE = 4;

const encoder = new TextEncoder();

/** Returns a frame's bytes (RFC 9113 section 4.1). */
function encodeFrame(type: number, flags: number, stream: number, payload: Uint8Array): Uint8Array {
  const bytes = new Uint8Array(9 + payload.length);
  const view = new DataView(bytes.buffer);
  view.setUint32(0, payload.length << 8 | type);
  view.setUint8(4, flags);
  view.setUint32(5, stream);
  bytes.set(payload, 9);
  return bytes;
}

/** Returns a header without indexing, its name from the static table (RFC 7541 section 6.2.2). */
function field(name: number, value: string): number[] {
  return [name, value.length, ...encoder.encode(value)];
}

/** Returns a header without indexing, with a literal name (RFC 7541 section 6.2.2). */
function newField([name, value]: readonly [string, string]): number[] {
  return [0, name.length, ...encoder.encode(name), value.length, ...encoder.encode(value)];
}

/** `GET`, with `:authority` and `:path` of at most 127 ASCII characters. */
function getHeaders(path: string, authority: string, isSecure: boolean): Uint8Array {
  return new Uint8Array([0x82, isSecure ? 0x87 : 0x86, ...field(4, path), ...field(1, authority)]);
}

export interface Http2Options {
  readonly port: number;
  /** The server's certificate as PEM. Default: no TLS. */
  readonly cert?: string;
  /** Initial window: what the server may send of each response. Bytes. Default: 0. */
  readonly window?: number;
}

/** An HTTP/2 client that knows only frames, so that it can misbehave. */
export class Http2Client implements Disposable {
  readonly #connection: Deno.Conn;
  readonly #authority: string;
  readonly #isSecure: boolean;
  #lastStream = -1;
  #isDisposed = false;
  /** Received frames by type. */
  readonly received = new Map<number, number>();
  /** Resolves when the server ends the connection or this is disposed. */
  readonly ended: Promise<void>;
  /** Whether the server ended the connection. */
  isOver = false;

  private constructor(connection: Deno.Conn, authority: string, isSecure: boolean) {
    this.#connection = connection;
    this.#authority = authority;
    this.#isSecure = isSecure;
    this.ended = this.#read();
  }

  static async connect({ port, cert, window = 0 }: Http2Options): Promise<Http2Client> {
    const hostname = "127.0.0.1";
    const connection = cert
      ? await Deno.connectTls({ hostname, port, alpnProtocols: ["h2"], caCerts: [cert] })
      : await Deno.connect({ hostname, port });
    const client = new Http2Client(connection, `${hostname}:${port}`, !!cert);
    const setting = new DataView(new ArrayBuffer(6));
    setting.setUint16(0, INITIAL_WINDOW_SIZE);
    setting.setUint32(2, window);
    await client.write(
      encoder.encode(PREFACE),
      encodeFrame(FRAME.settings, 0, 0, new Uint8Array(setting.buffer)),
    );
    return client;
  }

  /**
   * Sends `count` requests, each on its own stream.
   *
   * @param more Additional headers, of at most 127 characters each.
   */
  async get(path: string, count = 1, more: Readonly<Record<string, string>> = {}): Promise<void> {
    const headers = new Uint8Array([
      ...getHeaders(path, this.#authority, this.#isSecure),
      ...Object.entries(more).flatMap(newField),
    ]);
    await this.write(...Array.from({ length: count }, () => {
      this.#lastStream += 2;
      return encodeFrame(FRAME.headers, END_STREAM | END_HEADERS, this.#lastStream, headers);
    }));
  }

  /** Sends a frame other than a request. */
  async send(type: number, payload: Uint8Array): Promise<void> {
    await this.write(encodeFrame(type, 0, 0, payload));
  }

  async write(...parts: Uint8Array[]): Promise<void> {
    const bytes = new Uint8Array(await new Blob(parts as BlobPart[]).arrayBuffer());
    for (let at = 0; at < bytes.length;) at += await this.#connection.write(bytes.subarray(at));
  }

  [Symbol.dispose](): void {
    this.#isDisposed = true;
    try {
      this.#connection.close();
    } catch {
      // It closed when the server ended it.
    }
  }

  async #read(): Promise<void> {
    const buffer = new Uint8Array(1 << 16);
    let rest = new Uint8Array();
    for (;;) {
      const count = await this.#connection.read(buffer).catch(() => null);
      if (count === null) break;
      rest = new Uint8Array([...rest, ...buffer.subarray(0, count)]);
      while (rest.length >= 9) {
        const view = new DataView(rest.buffer);
        const length = 9 + (view.getUint32(0) >> 8);
        if (rest.length < length) break;
        const type = view.getUint8(3);
        this.received.set(type, (this.received.get(type) ?? 0) + 1);
        rest = rest.slice(length);
      }
    }
    this.isOver = !this.#isDisposed;
  }
}
