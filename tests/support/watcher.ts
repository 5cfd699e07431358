/** A received part of a stream. */
export interface WatchedPart {
  /** Monotonic time at which its last byte arrived. */
  readonly at: number;
  readonly headers: Headers;
  readonly jpeg: Uint8Array<ArrayBuffer>;
}

/** Returns a part's X-Quality as a number, with 100 for `source`. */
export function qualityOf({ headers }: WatchedPart): number {
  const quality = headers.get("x-quality");
  return quality === "source" ? 100 : Number(quality);
}

/** Returns the frame rate of the parts. */
export function fpsOf(parts: readonly WatchedPart[]): number {
  return (parts.length - 1) / (parts.at(-1)!.at - parts[0].at) * 1000;
}

const DELIMITER = "\r\n--frame\r\n";

/** A client that reads a stream as fast as possible over one connection. */
export class Watcher implements AsyncDisposable {
  /** Received parts, oldest first. */
  readonly parts: WatchedPart[] = [];
  /** Resolves when either side ends the connection. Never rejects. */
  readonly ended: Promise<void>;
  readonly #reader: ReadableStreamDefaultReader<Uint8Array>;
  #failure = "";
  #isOver = false;
  #rest = new Uint8Array(1 << 20);
  #length = 0;
  #check = () => {};

  private constructor(body: ReadableStream<Uint8Array>) {
    this.#reader = body.getReader();
    this.ended = this.#read();
  }

  /**
   * Opens a stream. Throws if the server refuses it.
   *
   * @param client An HTTP client that trusts the server's certificate, for HTTPS.
   */
  static async open(
    url: string,
    headers: HeadersInit = {},
    client?: Deno.HttpClient,
  ): Promise<Watcher> {
    const response = await fetch(url, { headers, client });
    if (!response.ok || !response.body) {
      await response.body?.cancel();
      throw new Error(`Cannot watch ${url}: status ${response.status}`);
    }
    return new Watcher(response.body);
  }

  get isOver(): boolean {
    return this.#isOver;
  }

  /** Waits until a condition holds, checked after each part. */
  async until(what: string, holds: () => boolean, withinMs: number): Promise<void> {
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    const timer = setTimeout(
      () => reject(new Error(`Not within ${withinMs} ms: ${what}`)),
      withinMs,
    );
    this.#check = () => {
      if (holds()) resolve();
      else if (this.#isOver) reject(new Error(`The stream ended${this.#failure} before: ${what}`));
    };
    try {
      this.#check();
      await promise;
    } finally {
      clearTimeout(timer);
      this.#check = () => {};
    }
  }

  /** Returns the next `count` parts. */
  async next(count: number, withinMs: number): Promise<WatchedPart[]> {
    const from = this.parts.length;
    await this.until(`${count} parts`, () => this.parts.length >= from + count, withinMs);
    return this.parts.slice(from, from + count);
  }

  async #read(): Promise<void> {
    try {
      for (;;) {
        const { done, value } = await this.#reader.read();
        if (done) return;
        this.#take(value);
      }
    } catch (error) {
      // Cut off by the server or by this viewer.
      this.#failure = ` (${error})`;
    } finally {
      this.#isOver = true;
      this.#check();
    }
  }

  #take(chunk: Uint8Array): void {
    if (this.#length + chunk.length > this.#rest.length) {
      const larger = new Uint8Array(2 * (this.#length + chunk.length));
      larger.set(this.#rest.subarray(0, this.#length));
      this.#rest = larger;
    }
    this.#rest.set(chunk, this.#length);
    this.#length += chunk.length;
    while (this.#takePart());
    this.#check();
  }

  #takePart(): boolean {
    const decoder = new TextDecoder("latin1");
    const text = decoder.decode(this.#rest.subarray(0, Math.min(this.#length, 500)));
    const head = /^(?:--frame\r\n)?([^]*?)\r\n\r\n/.exec(text);
    if (!head) return false;
    const fields = head[1].split("\r\n").map((line) => line.split(": ") as [string, string]);
    const headers = new Headers(fields);
    const start = head[0].length;
    const end = start + Number(headers.get("content-length"));
    if (this.#length < end + DELIMITER.length) return false;
    const delimiter = decoder.decode(this.#rest.subarray(end, end + DELIMITER.length));
    if (delimiter !== DELIMITER) throw new Error(`Not a boundary: ${JSON.stringify(delimiter)}`);
    this.parts.push({ at: performance.now(), headers, jpeg: this.#rest.slice(start, end) });
    this.#rest.copyWithin(0, end + DELIMITER.length, this.#length);
    this.#length -= end + DELIMITER.length;
    return true;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#reader.cancel().catch(() => {});
    await this.ended;
  }
}
