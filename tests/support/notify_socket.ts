import { until } from "./until.ts";

/** AF_UNIX, SOCK_DGRAM with SOCK_CLOEXEC, and MSG_DONTWAIT of Linux. */
const UNIX = 1;
const DATAGRAM = 0x80002;
const DO_NOT_WAIT = 0x40;

const SYMBOLS = {
  socket: { parameters: ["i32", "i32", "i32"], result: "i32" },
  bind: { parameters: ["i32", "buffer", "u32"], result: "i32" },
  recv: { parameters: ["i32", "buffer", "usize", "i32"], result: "isize" },
  close: { parameters: ["i32"], result: "i32" },
} as const;

/** A notification socket like systemd's. Linux only. */
export class NotifySocket implements Disposable {
  readonly #library = Deno.dlopen("libc.so.6", SYMBOLS);
  readonly #descriptor: number;

  /** @param name Bytes that a path has, or an abstract name with its zero. */
  constructor(name: Uint8Array) {
    const { socket, bind } = this.#library.symbols;
    this.#descriptor = socket(UNIX, DATAGRAM, 0);
    const address = Uint8Array.of(UNIX, 0, ...name);
    if (bind(this.#descriptor, address, address.length) !== 0) throw new Error("Cannot bind");
  }

  /** Returns what arrived since the last call. */
  take(): string[] {
    const texts: string[] = [];
    const buffer = new Uint8Array(4096);
    for (;;) {
      const size = BigInt(buffer.length);
      const length = this.#library.symbols.recv(this.#descriptor, buffer, size, DO_NOT_WAIT);
      if (Number(length) < 0) return texts;
      texts.push(new TextDecoder().decode(buffer.subarray(0, Number(length))));
    }
  }

  /** Waits up to 5 s for a datagram and returns it. */
  async next(): Promise<string> {
    const take = () => this.take()[0];
    const isText = (text?: string) => text !== undefined;
    return await until("a datagram", take, isText, { timeout: 5_000, every: 2 });
  }

  [Symbol.dispose](): void {
    this.#library.symbols.close(this.#descriptor);
    this.#library.close();
  }
}
