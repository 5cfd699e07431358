import type { Program } from "./program.ts";

/** A client with small buffers that reads a fixed number of bytes a second. */
export class SlowReader implements AsyncDisposable {
  /** Bytes read so far. */
  received = 0;
  readonly #connection: Deno.TcpConn;
  readonly #ended: Promise<void>;
  #isDisposed = false;
  #isOver = false;

  private constructor(connection: Deno.TcpConn, bytesPerSecond: number) {
    this.#connection = connection;
    this.#ended = this.#read(bytesPerSecond);
  }

  /** Requests a stream. */
  static async open({ port }: Program, path: string, bytesPerSecond: number): Promise<SlowReader> {
    const connection = await Deno.connect({ hostname: "127.0.0.1", port });
    await connection.write(
      new TextEncoder().encode(`GET ${path} HTTP/1.1\r\nHost: localhost\r\n\r\n`),
    );
    return new SlowReader(connection, bytesPerSecond);
  }

  /** Whether the server ended it. */
  get isOver(): boolean {
    return this.#isOver;
  }

  async #read(bytesPerSecond: number): Promise<void> {
    const begun = performance.now();
    const buffer = new Uint8Array(Math.max(1, Math.round(bytesPerSecond / 20)));
    try {
      while (!this.#isDisposed) {
        const allowed = (performance.now() - begun) / 1000 * bytesPerSecond;
        if (this.received > allowed) {
          await new Promise((resolve) => setTimeout(resolve, 20));
          continue;
        }
        const count = await this.#connection.read(buffer);
        if (count === null) break;
        this.received += count;
      }
    } catch (error) {
      // Cut off by the server or at the end of the test.
      if (!(error instanceof Deno.errors.ConnectionReset || this.#isDisposed)) throw error;
    }
    this.#isOver = !this.#isDisposed;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#isDisposed = true;
    this.#connection.close();
    await this.#ended;
  }
}
