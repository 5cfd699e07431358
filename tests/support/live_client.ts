import type { ClientMessage, ServerMessage } from "../../src/live_messages.ts";
import { Changes } from "./changes.ts";

/** Maximum wait; nothing here takes long. Milliseconds. */
const PATIENCE_MS = 5000;

/** Deno's WebSocket takes headers, unlike the DOM types that other tests include. */
const ProgramSocket = WebSocket as unknown as new (
  url: string,
  options: {
    readonly headers: Readonly<Record<string, string>>;
    readonly protocols: readonly string[];
  },
) => WebSocket;

type Type = ServerMessage["type"];
type Of<T extends Type> = Extract<ServerMessage, { readonly type: T }>;

/** A page socket controlled by a test. */
export class LiveClient implements AsyncDisposable {
  /** Everything received, oldest first. */
  readonly received: ServerMessage[] = [];
  /** Every binary message received, oldest first. */
  readonly sounds: Uint8Array[] = [];
  /** Settles when the connection is over. */
  readonly closed: Promise<{ readonly code: number; readonly reason: string }>;
  readonly #socket: WebSocket;
  #taken = 0;
  readonly #changes = new Changes();

  private constructor(socket: WebSocket) {
    this.#socket = socket;
    socket.binaryType = "arraybuffer";
    socket.onmessage = ({ data }) => {
      if (data instanceof ArrayBuffer) this.sounds.push(new Uint8Array(data));
      else this.received.push(JSON.parse(data));
      this.#changes.notify();
    };
    this.closed = new Promise((resolve) => {
      socket.onclose = ({ code, reason }) => {
        resolve({ code, reason });
        this.#changes.notify();
      };
    });
  }

  /**
   * Opens a page socket.
   *
   * @param token The streamer's token, for the studio's socket.
   * @throws {Error} The server refuses the socket.
   */
  static async open(
    server: { readonly origin: string },
    headers: Readonly<Record<string, string>> = {},
    token?: string,
  ): Promise<LiveClient> {
    const protocols = token === undefined ? [] : [`token.${encodeBase64Url(token)}`];
    const url = `${server.origin.replace("http", "ws")}/live`;
    const socket = new ProgramSocket(url, { headers, protocols });
    const client = new LiveClient(socket);
    await new Promise<void>((resolve, reject) => {
      socket.onopen = () => resolve();
      socket.onerror = (event) => {
        event.preventDefault();
        reject(new Error("The connection was refused"));
      };
    });
    socket.onerror = (event) => event.preventDefault();
    return client;
  }

  send(message: ClientMessage): void {
    this.sendRaw(JSON.stringify(message));
  }

  sendRaw(data: string | Uint8Array<ArrayBuffer>): void {
    this.#socket.send(data);
  }

  /** Returns the next unread message of a type, skipping other types. */
  async next<T extends Type>(type: T): Promise<Of<T>> {
    const message = await this.#changes.until(`the message ${type}`, () => {
      while (this.#taken < this.received.length) {
        const message = this.received[this.#taken++]!;
        if (message.type === type) return message;
      }
      if (this.#socket.readyState < WebSocket.CLOSING) return null;
      throw new Error(`The connection closed before ${type} came`);
    }, PATIENCE_MS);
    return message as Of<T>;
  }

  /** Waits for so many binary messages in all. */
  async nextSounds(count: number): Promise<void> {
    await this.#changes.until(
      `${count} messages of sound`,
      () => this.sounds.length >= count ? true : null,
      PATIENCE_MS,
    );
  }

  /**
   * Waits until the server has answered everything sent so far, and returns what it received. The
   * server answers in order, so the answer to one more request comes last.
   */
  async settled(): Promise<readonly ServerMessage[]> {
    this.send({ type: "older", before: 1 });
    const from = this.#taken;
    await this.next("older");
    return this.received.slice(from, this.#taken - 1);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (this.#socket.readyState !== WebSocket.CLOSED) this.#socket.close();
    await this.closed;
  }
}

function encodeBase64Url(text: string): string {
  return new TextEncoder().encode(text).toBase64({ alphabet: "base64url", omitPadding: true });
}
