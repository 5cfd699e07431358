/** A received frame without its JPEG. */
export interface SeenFrame {
  /** Monotonic time at which its last byte arrived. */
  readonly at: number;
  /** Milliseconds from the camera to this client. */
  readonly age: number;
  readonly sequence: number;
  readonly quality: string;
  readonly bytes: number;
}

export interface StreamClientOptions {
  readonly port: number;
  readonly path: string;
  readonly headers?: Readonly<Record<string, string>>;
  /** HTTP version; older programs use 1.0. Default: 1.1. */
  readonly version?: "1.0" | "1.1";
  /** Maximum bytes to read a second; 0 reads nothing. Default: no limit. */
  readonly bytesPerSecond?: number;
  /** Maximum frames to read a second, like a real-time player. Default: all. */
  readonly framesPerSecond?: number;
  readonly onFrame?: (frame: SeenFrame) => void;
}

/** A part whose header has arrived. */
interface Part extends Omit<SeenFrame, "at" | "age"> {
  /** Unix seconds. */
  readonly timestamp: number;
}

const BUFFER_BYTES = 1 << 18;

/** A real-time player reads little ahead. Bytes. */
const REAL_TIME_BUFFER_BYTES = 1 << 15;

/** Maximum length of a part's header including the boundary. Bytes. */
const MAX_HEADER_BYTES = 2048;

/**
 * A viewer with its own connection that counts frames and keeps none, so that a test can afford
 * many of them.
 */
export class StreamClient implements AsyncDisposable {
  frames = 0;
  newest: SeenFrame | null = null;
  /** Resolves when either side ends the connection. Never rejects. */
  readonly ended: Promise<void>;
  readonly #connection: Deno.TcpConn;
  readonly #onFrame: (frame: SeenFrame) => void;
  #status = 0;
  #isLeaving = false;
  #isOver = false;
  #text = "";
  /** The part being received, and how much of it is missing. */
  #part: Part | null = null;
  #left = 0;

  private constructor(connection: Deno.TcpConn, options: StreamClientOptions) {
    this.#connection = connection;
    this.#onFrame = options.onFrame ?? (() => {});
    const { bytesPerSecond = Infinity, framesPerSecond = Infinity } = options;
    this.ended = this.#read(bytesPerSecond, framesPerSecond);
  }

  /** Requests a stream. `status` says whether it was accepted once the head has arrived. */
  static async open(options: StreamClientOptions): Promise<StreamClient> {
    const { port, path, headers = {}, version = "1.1" } = options;
    const connection = await Deno.connect({ hostname: "127.0.0.1", port });
    const lines = Object.entries({ host: `127.0.0.1:${port}`, ...headers })
      .map(([name, value]) => `${name}: ${value}\r\n`);
    const request = `GET ${path} HTTP/${version}\r\n${lines.join("")}\r\n`;
    await connection.write(new TextEncoder().encode(request));
    return new StreamClient(connection, options);
  }

  /** The response's status; 0 before it arrives. */
  get status(): number {
    return this.#status;
  }

  /** Whether the server ended the connection. */
  get wasCutOff(): boolean {
    return this.#isOver && !this.#isLeaving;
  }

  async #read(bytesPerSecond: number, framesPerSecond: number): Promise<void> {
    if (bytesPerSecond === 0) return;
    const begun = performance.now();
    const most = framesPerSecond < Infinity ? REAL_TIME_BUFFER_BYTES : BUFFER_BYTES;
    const bytes = Math.max(1, Math.min(most, Math.round(bytesPerSecond / 20)));
    const buffer = new Uint8Array(bytes);
    let received = 0, nextDue = begun;
    try {
      while (!this.#isLeaving) {
        if (received > (performance.now() - begun) / 1000 * bytesPerSecond) {
          await new Promise((resolve) => setTimeout(resolve, 20));
          continue;
        }
        const early = nextDue - performance.now();
        if (early > 0) await new Promise((resolve) => setTimeout(resolve, early));
        const count = await this.#connection.read(buffer);
        if (count === null) break;
        received += count;
        const before = this.frames;
        this.#take(buffer.subarray(0, count));
        if (this.frames > before) {
          // Late frames do not speed up the following ones.
          nextDue = Math.max(nextDue, performance.now() - 1000 / framesPerSecond);
          nextDue += (this.frames - before) * 1000 / framesPerSecond;
        }
      }
    } catch (error) {
      if (!this.#isLeaving && !(error instanceof Deno.errors.ConnectionReset)) throw error;
    } finally {
      this.#isOver = true;
    }
  }

  #take(chunk: Uint8Array): void {
    for (let at = 0; at < chunk.length;) {
      if (this.#part) {
        const skipped = Math.min(this.#left, chunk.length - at);
        this.#left -= skipped;
        at += skipped;
        if (this.#left === 0) this.#see(this.#part);
        continue;
      }
      // The body of an error response is ignored.
      if (this.#status > 200) return;
      const known = this.#text.length;
      const piece = chunk.subarray(at, at + MAX_HEADER_BYTES - known);
      if (piece.length === 0) throw new Error(`Not a stream: ${this.#text.slice(0, 200)}`);
      this.#text += String.fromCharCode(...piece);
      const taken = this.#takeHeader();
      at += taken === null ? piece.length : taken - known;
    }
  }

  /** Reads the header of the response or a part. Returns its length, or `null` if incomplete. */
  #takeHeader(): number | null {
    const end = this.#text.indexOf("\r\n\r\n") + 4;
    if (end < 4) return null;
    const header = this.#text.slice(0, end);
    this.#text = "";
    if (this.#status === 0) {
      this.#status = Number(/^HTTP\/1\.\d (\d{3})/.exec(header)?.[1]);
      return end;
    }
    const fieldOf = (name: string) => new RegExp(`\r\n${name}: ([^\r]*)`, "i").exec(header)?.[1];
    // Chunked encoding only adds bytes between parts, because each part is one chunk.
    const bytes = Number(fieldOf("content-length"));
    if (!(bytes > 0)) return end;
    this.#left = bytes;
    this.#part = {
      bytes,
      timestamp: Number(fieldOf("x-timestamp")),
      sequence: Number(fieldOf("x-sequence")),
      quality: fieldOf("x-quality") ?? "",
    };
    return end;
  }

  #see({ timestamp, ...part }: Part): void {
    this.#part = null;
    const frame = { ...part, at: performance.now(), age: Date.now() - timestamp * 1000 };
    this.frames++;
    this.newest = frame;
    this.#onFrame(frame);
  }

  /** Hangs up. */
  async [Symbol.asyncDispose](): Promise<void> {
    this.#isLeaving = true;
    this.#connection.close();
    await this.ended;
  }
}
