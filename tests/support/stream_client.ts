import { setTimeout as delay } from "node:timers/promises";
import { boundaryOf, MultipartReader } from "../../static/js/multipart_reader.js";
import { Changes } from "./changes.ts";
import { ChunkedReader } from "./chunked_reader.ts";
import { getRequest, headOf } from "./raw_http.ts";

/** A received frame without its JPEG. */
export interface SeenFrame {
  /** Monotonic time at which its last byte arrived. */
  readonly at: number;
  /** Milliseconds from the camera to this client. */
  readonly age: number;
  readonly sequence: number;
  readonly quality: string;
  /** Of the JPEG. */
  readonly bytes: number;
  /** Zeros after it. */
  readonly padding: number;
}

/** A received frame. */
export interface StreamPart extends SeenFrame {
  readonly jpeg: Uint8Array<ArrayBuffer>;
}

export interface StreamClientOptions {
  readonly headers?: Readonly<Record<string, string>>;
  /** The server's certificate as PEM, for HTTPS. */
  readonly cert?: string;
  /** HTTP version; older programs use 1.0. Default: 1.1. */
  readonly version?: "1.0" | "1.1";
  /** Maximum bytes to read a second. Default: no limit. */
  readonly bytesPerSecond?: number;
  /** Maximum frames to read a second, like a real-time player. Default: all. */
  readonly framesPerSecond?: number;
  /** Receives each frame without its JPEG; `parts` then stays empty. */
  readonly onFrame?: (frame: SeenFrame) => void;
}

/** Returns a part's X-Quality as a number, with 100 for `source`. */
export function qualityOf({ quality }: SeenFrame): number {
  return quality === "source" ? 100 : Number(quality);
}

/** Returns the frame rate of the parts. */
export function fpsOf(parts: readonly SeenFrame[]): number {
  return (parts.length - 1) / (parts.at(-1)!.at - parts[0].at) * 1000;
}

/** Returns the longest time between two successive parts. Milliseconds. */
export function longestPause(parts: readonly SeenFrame[]): number {
  return Math.max(...parts.slice(1).map(({ at }, i) => at - parts[i].at));
}

const BUFFER_BYTES = 1 << 18;

/** A real-time player reads little ahead. Bytes. */
const REAL_TIME_BUFFER_BYTES = 1 << 15;

/** A viewer of a stream over its own connection, as fast as possible unless limited. */
export class StreamClient implements AsyncDisposable {
  /** Received frames, oldest first. */
  readonly parts: StreamPart[] = [];
  newest: SeenFrame | null = null;
  /** Bytes read so far. */
  received = 0;
  /** Resolves when either side ends the connection. Never rejects. */
  readonly ended: Promise<void>;
  readonly #connection: Deno.Conn;
  readonly #reader: MultipartReader;
  readonly #chunks: ChunkedReader | null;
  readonly #onFrame?: (frame: SeenFrame) => void;
  #isLeaving = false;
  #isOver = false;
  #failure: unknown = null;
  readonly #changes = new Changes();

  private constructor(
    connection: Deno.Conn,
    head: Headers,
    rest: Uint8Array,
    options: StreamClientOptions,
  ) {
    this.#connection = connection;
    this.#reader = new MultipartReader({ boundary: boundaryOf(head.get("content-type")!)! });
    this.#chunks = head.get("transfer-encoding") === "chunked" ? new ChunkedReader() : null;
    this.#onFrame = options.onFrame;
    this.ended = this.#read(rest, options);
  }

  /**
   * Opens a stream.
   *
   * @throws {Error} The server refuses it.
   */
  static async open(url: string, options: StreamClientOptions = {}): Promise<StreamClient> {
    const { hostname, port, host, pathname, search, protocol } = new URL(url);
    const { headers = {}, cert, version = "1.1" } = options;
    const target = { hostname, port: Number(port) };
    const connection = protocol === "https:"
      ? await Deno.connectTls({ ...target, caCerts: cert === undefined ? [] : [cert] })
      : await Deno.connect(target);
    try {
      const request = getRequest(pathname + search, { host, ...headers }, version);
      await connection.write(new TextEncoder().encode(request));
      const { status, headers: head, rest } = await readHead(connection);
      if (status !== 200) throw new Error(`Cannot watch ${url}: status ${status}`);
      return new StreamClient(connection, head, rest, options);
    } catch (error) {
      connection.close();
      throw error;
    }
  }

  /** Whether the server ended the stream. */
  get isOver(): boolean {
    return this.#isOver;
  }

  /** Waits until a condition holds, checked after each part. */
  async until(what: string, holds: () => boolean, withinMs: number): Promise<void> {
    await this.#changes.until(what, () => {
      if (holds()) return true;
      if (!this.#isOver) return false;
      throw new Error(`The stream ended before: ${what}`, { cause: this.#failure });
    }, withinMs);
  }

  /** Returns the next `count` parts. */
  async next(count: number, withinMs: number): Promise<StreamPart[]> {
    const from = this.parts.length;
    await this.until(`${count} parts`, () => this.parts.length >= from + count, withinMs);
    return this.parts.slice(from, from + count);
  }

  async #read(rest: Uint8Array, options: StreamClientOptions): Promise<void> {
    const { bytesPerSecond = Infinity, framesPerSecond = Infinity } = options;
    const most = framesPerSecond < Infinity ? REAL_TIME_BUFFER_BYTES : BUFFER_BYTES;
    const buffer = new Uint8Array(Math.max(1, Math.min(most, Math.round(bytesPerSecond / 20))));
    const begun = performance.now();
    let nextDue = begun;
    try {
      for (let bytes: Uint8Array | null = rest; bytes !== null;) {
        this.received += bytes.length;
        const frames = this.#take(bytes);
        if (frames > 0) {
          // Late frames do not speed up the following ones.
          nextDue = Math.max(nextDue, performance.now() - 1000 / framesPerSecond);
          nextDue += frames * 1000 / framesPerSecond;
        }
        const due = Math.max(nextDue, begun + this.received / bytesPerSecond * 1000);
        const early = due - performance.now();
        if (early > 0) await delay(early);
        if (this.#isLeaving || this.#chunks?.isOver) return;
        const count = await this.#connection.read(buffer);
        bytes = count === null ? null : buffer.subarray(0, count);
      }
    } catch (error) {
      // Cut off by either side, or not a multipart stream.
      this.#failure = error;
    } finally {
      this.#isOver = !this.#isLeaving;
      this.#changes.notify();
    }
  }

  /** Returns the number of frames that these bytes complete. */
  #take(bytes: Uint8Array): number {
    const pieces = this.#chunks ? this.#chunks.push(bytes) : [bytes];
    const parts = pieces.flatMap((piece) => this.#reader.push(piece));
    for (const { headers, body } of parts) {
      const padding = body.length - 1 - body.findLastIndex((byte) => byte !== 0);
      const frame = {
        at: performance.now(),
        age: Date.now() - Number(headers.get("x-timestamp")) * 1000,
        sequence: Number(headers.get("x-sequence") ?? 0),
        quality: headers.get("x-quality") ?? "source",
        bytes: body.length - padding,
        padding,
      };
      this.newest = frame;
      if (this.#onFrame) this.#onFrame(frame);
      else this.parts.push({ ...frame, jpeg: body });
      this.#changes.notify();
    }
    return parts.length;
  }

  /**
   * Hangs up.
   *
   * @throws {SyntaxError} The server sent something other than a multipart stream.
   */
  async [Symbol.asyncDispose](): Promise<void> {
    this.#isLeaving = true;
    this.#connection.close();
    await this.ended;
    if (this.#failure instanceof SyntaxError) throw this.#failure;
  }
}

/** Reads a response's head, and the first bytes of the body that came with it. */
async function readHead(connection: Deno.Conn) {
  const buffer = new Uint8Array(1024);
  let text = "";
  while (!text.includes("\r\n\r\n")) {
    const count = await connection.read(buffer);
    if (count === null) throw new Error(`The server hung up: ${JSON.stringify(text)}`);
    text += String.fromCharCode(...buffer.subarray(0, count));
  }
  const end = text.indexOf("\r\n\r\n");
  const rest = Uint8Array.from(text.slice(end + 4), (char) => char.charCodeAt(0));
  return { ...headOf(text.slice(0, end)), rest };
}
