import { C_LIBRARY } from "../c_library.ts";

/** What systemd asks of a service that it starts (sd_notify(3), sd_watchdog_enabled(3)). */
export interface NotifyRequest {
  /** The path of a socket, or `@` and the name of an abstract one. */
  readonly socket: string;
  /** How long the service may be silent before systemd ends it; `null` without a watchdog. Milliseconds. */
  readonly watchdogMs: number | null;
}

/** What {@linkcode notifyRequest} reads, such as `Deno.env`. */
export interface Environment {
  /** Returns the value of a variable. */
  get(name: string): string | undefined;
}

/** AF_UNIX, SOCK_DGRAM and SOCK_CLOEXEC, MSG_DONTWAIT and MSG_NOSIGNAL of Linux. */
const UNIX = 1;
const DATAGRAM = 0x2 | 0x80000;
const FLAGS = 0x40 | 0x4000;

/** The size of `sun_path` in `struct sockaddr_un`, including the zero at its end. Bytes. */
const PATH_BYTES = 108;

/** How many messages to send within the watchdog's time; sd_watchdog_enabled(3) recommends two. */
const MESSAGES_PER_LIMIT = 4;

const SYMBOLS = {
  socket: { parameters: ["i32", "i32", "i32"], result: "i32" },
  sendto: { parameters: ["i32", "buffer", "usize", "i32", "buffer", "u32"], result: "isize" },
  close: { parameters: ["i32"], result: "i32" },
} as const;

/**
 * Reads from the environment what systemd asks for; `null` if systemd did not start the program, or asks
 * another process.
 */
export function notifyRequest(env: Environment, pid: number): NotifyRequest | null {
  const socket = env.get("NOTIFY_SOCKET") ?? "";
  if (!/^[/@]./.test(socket)) return null;
  const watched = env.get("WATCHDOG_PID") || String(pid);
  const limit = Number(env.get("WATCHDOG_USEC") || NaN) / 1000;
  return { socket, watchdogMs: watched === String(pid) && limit > 0 ? limit : null };
}

/** Reports to systemd that the service is ready, and then regularly that its event loop runs. Linux only. */
export class SystemdNotifier implements Disposable {
  readonly #library: Deno.DynamicLibrary<typeof SYMBOLS>;
  readonly #socket: number;
  readonly #address: Uint8Array<ArrayBuffer>;
  readonly #timer: ReturnType<typeof setInterval> | undefined;

  /**
   * Reports that the service is ready.
   *
   * @throws systemd cannot be reached.
   */
  constructor({ socket, watchdogMs }: NotifyRequest) {
    this.#address = unixAddress(socket);
    this.#library = Deno.dlopen(C_LIBRARY, SYMBOLS);
    this.#socket = this.#library.symbols.socket(UNIX, DATAGRAM, 0);
    if (!this.#send("READY=1")) {
      this[Symbol.dispose]();
      throw new Error(`Cannot send to ${socket}`);
    }
    if (watchdogMs === null) return;
    this.#timer = setInterval(() => this.#send("WATCHDOG=1"), watchdogMs / MESSAGES_PER_LIMIT);
  }

  /** Stops reporting. */
  [Symbol.dispose](): void {
    clearInterval(this.#timer);
    this.#library.symbols.close(this.#socket);
    this.#library.close();
  }

  #send(state: string): boolean {
    const bytes = new TextEncoder().encode(state);
    const { sendto } = this.#library.symbols;
    const length = BigInt(bytes.length);
    const sent = sendto(this.#socket, bytes, length, FLAGS, this.#address, this.#address.length);
    return BigInt(sent) === length;
  }
}

/** Returns a `struct sockaddr_un`; abstract names begin with a zero and end with the address (unix(7)). */
function unixAddress(socket: string): Uint8Array<ArrayBuffer> {
  const path = new TextEncoder().encode(socket.startsWith("@") ? `\0${socket.slice(1)}` : socket);
  if (path.length >= PATH_BYTES) throw new Error(`Too long for a socket's name: ${socket}`);
  const address = new Uint8Array(2 + path.length);
  address[0] = UNIX;
  address.set(path, 2);
  return address;
}
