import type { ClientMessage, ServerMessage } from "../../src/live_messages.ts";
import { SOUND } from "../../src/media/sound_message.ts";
import { until } from "./until.ts";

/** A packet of the sound as it came to a page. */
export interface HeardPacket {
  readonly sequence: number;
  /** When it was captured, and when it came: wall time, milliseconds. */
  readonly at: number;
  readonly arrivedAt: number;
  readonly data: Uint8Array;
}

export interface SoundListenerOptions {
  /** Headers of the handshake: a cookie. */
  readonly headers?: Readonly<Record<string, string>>;
  /** Whether all packets are kept, or only counted. Default: true. */
  readonly keeps?: boolean;
}

/** Deno's WebSocket takes headers, unlike the DOM's. */
const ProgramSocket = WebSocket as unknown as new (
  url: string,
  options: { readonly headers: Readonly<Record<string, string>> },
) => WebSocket;

const REPORT_MS = 250;

/** The page socket of a page that can listen, and reports what it hears as pages do. */
export class SoundListener implements AsyncDisposable {
  /** The packets that came, oldest first. */
  readonly packets: HeardPacket[] = [];
  /** How many came. */
  count = 0;
  /** Bytes of binary messages. */
  bytes = 0;
  /** The channel's state, as last sent. */
  state: Extract<ServerMessage, { readonly type: "state" }>["state"] | null = null;
  readonly #socket: WebSocket;
  readonly #keeps: boolean;
  readonly #closed: Promise<void>;
  readonly #reporting: ReturnType<typeof setInterval>;
  #last: { readonly sequence: number; readonly at: number } | null = null;

  private constructor(socket: WebSocket, keeps: boolean) {
    this.#socket = socket;
    this.#keeps = keeps;
    socket.binaryType = "arraybuffer";
    socket.onmessage = ({ data }) => {
      if (typeof data === "string") this.#read(JSON.parse(data));
      else this.#hear(data);
    };
    this.#closed = new Promise((resolve) => socket.onclose = () => resolve());
    this.#reporting = setInterval(() => this.#report(), REPORT_MS);
  }

  static async open(
    { origin }: { readonly origin: string },
    { headers = {}, keeps = true }: SoundListenerOptions = {},
  ): Promise<SoundListener> {
    const socket = new ProgramSocket(`${origin.replace("http", "ws")}/live`, { headers });
    const listener = new SoundListener(socket, keeps);
    await new Promise<void>((resolve, reject) => {
      socket.onopen = () => resolve();
      socket.onerror = (event) => {
        event.preventDefault();
        clearInterval(listener.#reporting);
        reject(new Error("The connection was refused"));
      };
    });
    socket.onerror = (event) => event.preventDefault();
    return listener;
  }

  /** Asks for the sound, or for no more of it. */
  listen(on: boolean): void {
    this.send({ type: "listen", on });
  }

  send(message: ClientMessage): void {
    this.#socket.send(JSON.stringify(message));
  }

  /** Waits for so many packets more. Returns the milliseconds that took. */
  async hears(packets: number, patienceMs = 5000): Promise<number> {
    const from = this.count, begun = performance.now();
    const came = () => this.count >= from + packets;
    await until(`${packets} packets`, came, Boolean, { timeout: patienceMs, every: 5 });
    return performance.now() - begun;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    clearInterval(this.#reporting);
    if (this.#socket.readyState !== WebSocket.CLOSED) this.#socket.close();
    await this.#closed;
  }

  #read(message: ServerMessage): void {
    if (message.type === "hello" || message.type === "state") this.state = message.state;
  }

  #hear(buffer: ArrayBuffer): void {
    const arrivedAt = Date.now();
    const view = new DataView(buffer);
    if (view.getUint8(0) !== SOUND) throw new Error("A binary message that is no sound");
    this.bytes += buffer.byteLength;
    const count = view.getUint8(1), duration = view.getUint16(2) / 48;
    const first = Number(view.getBigUint64(4)), at = view.getFloat64(12);
    let place = 20;
    for (let i = 0; i < count; i++) {
      const length = view.getUint16(place);
      const data = new Uint8Array(buffer, place + 2, length);
      if (this.#keeps) {
        this.packets.push({ sequence: first + i, at: at + i * duration, arrivedAt, data });
      }
      place += 2 + length;
    }
    this.count += count;
    this.#last = { sequence: first + count - 1, at: arrivedAt };
  }

  #report(): void {
    if (!this.#last || this.#socket.readyState !== WebSocket.OPEN) return;
    const { sequence, at } = this.#last;
    this.#last = null;
    const ago = Date.now() - at;
    this.send({ type: "heard", sequence, ago, buffered: 60, gaps: 0, offset: null });
  }
}
