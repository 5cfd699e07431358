import { Changes } from "../support/changes.ts";
import { getRequest } from "../support/raw_http.ts";
import { concatenate, latin1, utf8 } from "./bytes.ts";

/** One frame (RFC 6455 section 5.2). Omitted fields have the values required of a client. */
export interface Frame {
  /** 1 text, 2 binary, 0 continuation, 8 close, 9 ping, 10 pong; others are reserved. Default: 1. */
  readonly opcode?: number;
  readonly payload: Uint8Array;
  /** Whether it is its message's last frame. */
  readonly isLast?: boolean;
  /** The three reserved bits, for extensions. */
  readonly reserved?: number;
  readonly isMasked?: boolean;
  /** The length in the header, whatever follows. */
  readonly length?: number | bigint;
  /** Encodes the length in more bytes than needed. */
  readonly isLengthLong?: boolean;
}

const MASK = new Uint8Array([0x12, 0x34, 0x56, 0x78]);

export function encodeFrame(frame: Frame): Uint8Array<ArrayBuffer> {
  const { opcode = 1, payload, isLast = true, reserved = 0, isMasked = true } = frame;
  const length = BigInt(frame.length ?? payload.length);
  const first = (isLast ? 0x80 : 0) | (reserved & 7) << 4 | (opcode & 15);
  const header = new DataView(new ArrayBuffer(14));
  const masked = isMasked ? 0x80 : 0;
  header.setUint8(0, first);
  let size = 2;
  if (length < 126n && !frame.isLengthLong) header.setUint8(1, masked | Number(length));
  else if (length < 65536n && !frame.isLengthLong) {
    header.setUint8(1, masked | 126);
    header.setUint16(2, Number(length));
    size = 4;
  } else {
    header.setUint8(1, masked | 127);
    header.setBigUint64(2, length);
    size = 10;
  }
  const start = new Uint8Array(header.buffer, 0, size);
  if (!isMasked) return concatenate(start, payload);
  return concatenate(start, MASK, payload.map((byte, i) => byte ^ MASK[i & 3]));
}

/** Maximum time for an answer. Milliseconds. */
const ANSWER_MS = 3000;

/** A WebSocket whose every byte the test controls. */
export class RawWebSocket implements AsyncDisposable {
  /** Status of the handshake; 101 if accepted. */
  readonly status: number;
  /** Text messages received, oldest first. */
  readonly received: string[] = [];
  /** The server's close code; `null` until it closes. */
  closeCode: number | null = null;
  /** Pongs received. */
  pongs = 0;
  readonly #connection: Deno.TcpConn;
  readonly #reading: Promise<void>;
  #rest: Uint8Array;
  #isOver = false;
  readonly #changes = new Changes();

  private constructor(connection: Deno.TcpConn, status: number, rest: Uint8Array) {
    this.#connection = connection;
    this.status = status;
    this.#rest = rest;
    this.#reading = this.#read();
  }

  /** Performs the handshake (RFC 6455 section 4.1) with additional headers. */
  static async open(
    port: number,
    headers: Readonly<Record<string, string>>,
  ): Promise<RawWebSocket> {
    const connection = await Deno.connect({ hostname: "127.0.0.1", port });
    const request = getRequest("/live", {
      "Host": `127.0.0.1:${port}`,
      "Upgrade": "websocket",
      "Connection": "Upgrade",
      "Sec-WebSocket-Version": "13",
      "Sec-WebSocket-Key": "dGhlIHNhbXBsZSBub25jZQ==",
      ...headers,
    });
    await connection.write(latin1(request));
    let text = "";
    const buffer = new Uint8Array(1 << 14);
    while (!text.includes("\r\n\r\n")) {
      const count = await connection.read(buffer);
      if (count === null) break;
      text += String.fromCharCode(...buffer.subarray(0, count));
    }
    const end = text.indexOf("\r\n\r\n") + 4;
    const status = Number(/^HTTP\/1\.1 (\d{3})/.exec(text)?.[1]);
    return new RawWebSocket(connection, status, latin1(text.slice(end)));
  }

  get isOver(): boolean {
    return this.#isOver;
  }

  async send(frame: Frame): Promise<void> {
    await this.sendBytes(encodeFrame(frame));
  }

  async sendText(text: string): Promise<void> {
    await this.send({ payload: utf8(text) });
  }

  async sendBytes(bytes: Uint8Array): Promise<void> {
    try {
      for (let at = 0; at < bytes.length;) at += await this.#connection.write(bytes.subarray(at));
    } catch {
      // The server has hung up.
    }
  }

  /** Waits until a condition holds or the connection ends. Returns whether that was in time. */
  async until(holds: () => boolean): Promise<boolean> {
    const isDone = () => holds() || this.#isOver;
    return await this.#changes.until("an answer", isDone, ANSWER_MS).catch(() => false);
  }

  async #read(): Promise<void> {
    const buffer = new Uint8Array(1 << 16);
    try {
      for (;;) {
        while (this.status === 101 && this.#takeFrame());
        this.#changes.notify();
        const count = await this.#connection.read(buffer);
        if (count === null) break;
        this.#rest = concatenate(this.#rest, buffer.subarray(0, count));
      }
    } catch {
      // Reset by the server or closed by the test.
    }
    this.#isOver = true;
    this.#changes.notify();
  }

  /** Reads one server frame, which is never masked and here never fragmented. */
  #takeFrame(): boolean {
    const view = new DataView(this.#rest.buffer, this.#rest.byteOffset, this.#rest.length);
    if (view.byteLength < 2) return false;
    const short = view.getUint8(1) & 0x7f;
    const start = short === 126 ? 4 : short === 127 ? 10 : 2;
    if (view.byteLength < start) return false;
    const length = short === 126
      ? view.getUint16(2)
      : short === 127
      ? Number(view.getBigUint64(2))
      : short;
    if (view.byteLength < start + length) return false;
    const payload = this.#rest.subarray(start, start + length);
    const opcode = view.getUint8(0) & 15;
    if (opcode === 1) this.received.push(new TextDecoder().decode(payload));
    if (opcode === 10) this.pongs++;
    if (opcode === 8) this.closeCode = length >= 2 ? view.getUint16(start) : 1005;
    this.#rest = this.#rest.slice(start + length);
    return true;
  }

  /** Hangs up without a close frame. */
  async [Symbol.asyncDispose](): Promise<void> {
    this.#connection.close();
    await this.#reading;
  }
}
