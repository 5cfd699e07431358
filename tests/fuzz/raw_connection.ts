import { Changes } from "../support/changes.ts";
import { headOf, type RawAnswer } from "../support/raw_http.ts";

const HEAD_END = "\r\n\r\n";

/** Endless responses, and upgrades, are not read any further. */
function isEndless({ status, headers }: Omit<RawAnswer, "body">): boolean {
  return status === 101 || /^multipart\//.test(headers.get("content-type") ?? "");
}

/** A connection for arbitrary bytes that parses the HTTP responses. */
export class RawConnection implements AsyncDisposable {
  /** Responses, oldest first. */
  readonly answers: RawAnswer[] = [];
  readonly #connection: Deno.TcpConn;
  readonly #reading: Promise<void>;
  /** Whether each request, in order, is HEAD. */
  readonly #heads: boolean[] = [];
  #text = "";
  #isOver = false;
  readonly #changes = new Changes();

  private constructor(connection: Deno.TcpConn) {
    this.#connection = connection;
    this.#reading = this.#read();
  }

  static async open(port: number): Promise<RawConnection> {
    return new RawConnection(await Deno.connect({ hostname: "127.0.0.1", port }));
  }

  /** Whether no further response can follow: the connection closed, or an endless one began. */
  get isOver(): boolean {
    return this.#isOver;
  }

  /** Sends a request or the beginning of one. */
  async write(bytes: Uint8Array, isHead: boolean): Promise<void> {
    this.#heads.push(isHead);
    await this.writeMore(bytes);
  }

  /** Sends more bytes. */
  async writeMore(bytes: Uint8Array): Promise<void> {
    try {
      for (let at = 0; at < bytes.length;) at += await this.#connection.write(bytes.subarray(at));
    } catch {
      // The server has hung up, which shows in its responses.
    }
  }

  /** Ends the client's side of the connection. */
  async closeWrite(): Promise<void> {
    await this.#connection.closeWrite().catch(() => {});
  }

  /** Waits for `count` responses, or until no more can follow. Returns whether that was in time. */
  async until(count: number, withinMs: number): Promise<boolean> {
    const areThere = () => this.answers.length >= count || this.#isOver;
    return await this.#changes.until("responses", areThere, withinMs).catch(() => false);
  }

  async #read(): Promise<void> {
    const buffer = new Uint8Array(1 << 16);
    const decoder = new TextDecoder("latin1");
    try {
      while (!this.#isOver) {
        const count = await this.#connection.read(buffer);
        if (count === null) break;
        this.#text += decoder.decode(buffer.subarray(0, count));
        while (this.#takeAnswer());
        this.#changes.notify();
      }
    } catch {
      // Reset by the server or closed by the test.
    }
    this.#isOver = true;
    this.#changes.notify();
  }

  #takeAnswer(): boolean {
    const end = this.#text.indexOf(HEAD_END);
    if (end < 0 || this.#isOver) return false;
    const { status, headers } = headOf(this.#text.slice(0, end));
    const start = end + HEAD_END.length;
    if (status === 100) {
      this.#text = this.#text.slice(start);
      return true;
    }
    const length = this.#bodyLength(start, { status, headers });
    if (length === null) return false;
    const body = this.#text.slice(start, start + length);
    this.#text = this.#text.slice(start + length);
    this.answers.push({ status, headers, body });
    this.#isOver = isEndless({ status, headers });
    return true;
  }

  /** Returns `null` while the response is incomplete. */
  #bodyLength(start: number, head: Omit<RawAnswer, "body">): number | null {
    const { status, headers } = head;
    const isHead = this.#heads[this.answers.length];
    if (isHead || status === 204 || status === 304 || isEndless(head)) return 0;
    if (headers.has("transfer-encoding")) {
      const last = this.#text.indexOf("0\r\n\r\n", start);
      return last < 0 ? null : last + 5 - start;
    }
    const length = Number(headers.get("content-length") ?? 0);
    return this.#text.length - start < length ? null : length;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#isOver = true;
    this.#connection.close();
    await this.#reading;
  }
}
