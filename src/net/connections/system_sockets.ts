import { addressFromBytes } from "../ip_address.ts";
import { C_LIBRARY } from "../../c_library.ts";
import { isClosedByPeer, readTcpInfo, TCP_INFO_BYTES, type Transfer } from "./tcp_info.ts";

/** What stands for what in the C library; <sys/socket.h>, <sys/resource.h>. */
interface System {
  readonly ipv6: number;
  readonly familyAt: (view: DataView) => number;
  readonly descriptors: number;
  readonly socketLevel: number;
  readonly linger: number;
  /** `SO_COOKIE`, which is Linux's alone. */
  readonly cookie: number | null;
}

const LINUX: System = {
  ipv6: 10,
  familyAt: (view: DataView) => view.getUint16(0, true),
  descriptors: 7,
  socketLevel: 1,
  linger: 13,
  cookie: 57,
};
const MACOS: System = {
  ipv6: 30,
  // A byte for the length stands before it.
  familyAt: (view: DataView) => view.getUint8(1),
  descriptors: 8,
  socketLevel: 0xffff,
  linger: 0x1080,
  cookie: null,
};

const SYMBOLS = {
  getpeername: { parameters: ["i32", "buffer", "buffer"], result: "i32" },
  getsockname: { parameters: ["i32", "buffer", "buffer"], result: "i32" },
  getsockopt: { parameters: ["i32", "i32", "i32", "buffer", "buffer"], result: "i32" },
  setsockopt: { parameters: ["i32", "i32", "i32", "buffer", "u32"], result: "i32" },
  shutdown: { parameters: ["i32", "i32"], result: "i32" },
  getrlimit: { parameters: ["i32", "buffer"], result: "i32" },
  dup: { parameters: ["i32"], result: "i32" },
  close: { parameters: ["i32"], result: "i32" },
  fcntl: { parameters: ["i32", "i32"], result: "i32" },
} as const;

const STANDARD_ERROR = 2;
const IPV4 = 2;
const F_GETFD = 1;
const SHUT_RDWR = 2;
/** `struct linger`: on, for no time at all. */
const AT_ONCE = new Uint8Array(new Int32Array([1, 0]).buffer);
/** `struct sockaddr_storage`. Bytes. */
const ADDRESS_BYTES = 128;

/** `TCP_INFO` of Linux; <linux/tcp.h>. */
const TCP = 6;
const TCP_INFO = 11;

/** How far above the highest descriptor that was found one is looked for. */
const MARGIN = 512;

/** How many descriptors on either side of a likely one may be a new connection's. */
const NEIGHBOURS = 8;
/** From one scan for a new connection to the next, in proportion to how long a scan takes. */
const SCAN_PAUSE = 9;

/** The connections that a server has accepted, by the other end as `socketKey` writes it. */
export type Descriptors = ReadonlyMap<string, number>;

/** The other end of a connection: as the system has it, and its name if it is one of ours. */
interface Peer {
  readonly address: Uint8Array;
  readonly key: string | null;
}

/**
 * The accepted TCP connections of this process, as the system has them: those of which
 * `Deno.serve` says nothing, too. Linux and macOS; the calls are POSIX's.
 */
export class SystemSockets implements Disposable {
  /** How many descriptors this process may have. */
  readonly limit: number;
  readonly #port: number;
  readonly #system: System;
  readonly #library: Deno.DynamicLibrary<typeof SYMBOLS>;
  readonly #address = new Uint8Array(ADDRESS_BYTES);
  readonly #view = new DataView(this.#address.buffer);
  readonly #length = new Uint32Array(1);
  readonly #cookie = new BigUint64Array(1);
  readonly #information = new DataView(new ArrayBuffer(TCP_INFO_BYTES));
  /** What was read of each descriptor last, as most stay what they are. */
  readonly #known = new Map<number, Peer>();
  #highest = 0;
  /** That of the newest connection that was looked for. */
  #lastNew = 0;
  /** What the last scan for a new connection found, and when there may be another one. */
  #scan: Descriptors = new Map();
  #nextScanAt = -Infinity;
  #listener = -1;

  /**
   * @param port On which the server listens.
   * @throws The system is another, its C library is, or Deno is not allowed to call it.
   */
  constructor(port: number) {
    const { os } = Deno.build;
    if (os !== "linux" && os !== "darwin") throw new Error(`It is not known how on ${os}`);
    this.#port = port;
    this.#system = os === "linux" ? LINUX : MACOS;
    this.#library = Deno.dlopen(C_LIBRARY, SYMBOLS);
    this.limit = this.#readLimit();
  }

  /** How many descriptors have to be looked at to find every connection; grows as they are found. */
  get span(): number {
    // The lowest free descriptor is given first. So none is far above the highest that is known,
    // unless many came since the last look; of these, the first few are found, and soon the others.
    return Math.min(this.limit, this.#highest + MARGIN);
  }

  /** Finds the connections among the descriptors of a range; by default, all of them. */
  look(from = 0, to = Infinity): Descriptors {
    const found = new Map<string, number>();
    for (let descriptor = from; descriptor < Math.min(to, this.span); descriptor++) {
      const key = this.#keyOf(descriptor);
      if (key === null) continue;
      this.#highest = Math.max(this.#highest, descriptor);
      found.set(key, descriptor);
    }
    return found;
  }

  /**
   * The descriptor of a connection that was accepted a moment ago. It is soon after the one before,
   * or near the lowest that is free; else it is looked for among all, though not so often that this
   * would take more than a tenth of the time; `null` where it was not found.
   */
  findNew(key: string): number | null {
    const last = this.#lastNew;
    const found = this.#findNear(key, last) ?? this.#findNear(key, this.#lowestFree() ?? last) ??
      this.#scanFor(key);
    if (found !== null) this.#lastNew = found;
    return found;
  }

  /** What no other connection ever has; `null` where the system gives none, or it is another's. */
  cookieOf(key: string, descriptor: number): bigint | null {
    const { socketLevel, cookie } = this.#system;
    if (cookie === null || this.#keyOf(descriptor) !== key) return null;
    this.#length[0] = this.#cookie.byteLength;
    const { getsockopt } = this.#library.symbols;
    const failed = getsockopt(descriptor, socketLevel, cookie, this.#cookie, this.#length) !== 0;
    return failed ? null : this.#cookie[0];
  }

  /** Whether the server's own socket is open, by which it accepts connections. */
  isListening(): boolean {
    if (this.#isListener(this.#listener)) return true;
    for (this.#listener = this.span - 1; this.#listener >= 0; this.#listener--) {
      if (this.#isListener(this.#listener)) return true;
    }
    return false;
  }

  /** How many more descriptors this process may have; when there are plenty, at least so many. */
  countFree(): number {
    const above = this.limit - 1 - this.#highest;
    if (above > 2 * MARGIN) return above;
    let free = 0;
    for (let descriptor = 0; descriptor < this.limit; descriptor++) {
      if (this.#library.symbols.fcntl(descriptor, F_GETFD) === -1) free++;
    }
    return free;
  }

  /** Whether fewer descriptors than these seem to be free: a cheap guess by the lowest of them. */
  isShort(reserve: number): boolean {
    const lowest = this.#lowestFree();
    return lowest === null || lowest >= this.limit - reserve;
  }

  /** What has gone over a connection so far; `null` where the system does not tell. */
  transferOf(descriptor: number): Transfer | null {
    return this.#readTcpInfo(descriptor) ? readTcpInfo(this.#information, this.#length[0]) : null;
  }

  /** Whether the other end has closed a connection; `false` where the system does not tell. */
  isClosedByPeer(key: string, descriptor: number): boolean {
    return this.#keyOf(descriptor) === key && this.#readTcpInfo(descriptor) &&
      isClosedByPeer(this.#information);
  }

  /**
   * Ends a connection, unless the descriptor is no longer that connection. Whoever holds it, which
   * is `Deno.serve`, notices and closes the descriptor.
   *
   * What is looked at stays what it is until it is cut: connections are accepted and closed by the
   * thread that runs this, between two turns of its event loop. Other threads may open and close
   * files meanwhile, but not this descriptor.
   *
   * @param isDropped Whether what was sent and not received is dropped. Otherwise it is left to the
   * system, which keeps it for minutes where nobody takes it.
   */
  cut(key: string, descriptor: number, { isDropped }: { isDropped: boolean }): void {
    if (this.#keyOf(descriptor) !== key) return;
    const { setsockopt, shutdown } = this.#library.symbols;
    const { socketLevel, linger } = this.#system;
    if (isDropped) setsockopt(descriptor, socketLevel, linger, AT_ONCE, AT_ONCE.length);
    shutdown(descriptor, SHUT_RDWR);
  }

  [Symbol.dispose](): void {
    this.#library.close();
  }

  #readTcpInfo(descriptor: number): boolean {
    if (Deno.build.os !== "linux") return false;
    const { getsockopt } = this.#library.symbols;
    this.#length[0] = this.#information.byteLength;
    return getsockopt(descriptor, TCP, TCP_INFO, this.#information, this.#length) === 0;
  }

  #findNear(key: string, center: number): number | null {
    for (let distance = 1; distance <= NEIGHBOURS; distance++) {
      for (const descriptor of [center + distance, center - distance]) {
        if (descriptor >= 0 && this.#keyOf(descriptor) === key) return descriptor;
      }
    }
    return null;
  }

  #scanFor(key: string): number | null {
    const begun = performance.now();
    if (!this.#scan.has(key) && begun >= this.#nextScanAt) {
      this.#scan = this.look();
      const end = performance.now();
      this.#nextScanAt = end + SCAN_PAUSE * (end - begun);
    }
    return this.#scan.get(key) ?? null;
  }

  #lowestFree(): number | null {
    const { dup, close } = this.#library.symbols;
    const lowest = dup(STANDARD_ERROR);
    if (lowest === -1) return null;
    close(lowest);
    return lowest;
  }

  /** The other end of a connection of the server; `null` for whatever else it is. */
  #keyOf(descriptor: number): string | null {
    const { getpeername, getsockname } = this.#library.symbols;
    this.#length[0] = ADDRESS_BYTES;
    if (getpeername(descriptor, this.#address, this.#length) !== 0) return null;
    const known = this.#known.get(descriptor);
    if (known && this.#isAddress(known.address)) return known.key;
    const family = this.#system.familyAt(this.#view);
    if (family !== IPV4 && family !== this.#system.ipv6) return null;
    const bytes = family === IPV4 ? this.#address.subarray(4, 8) : this.#address.subarray(8, 24);
    const key = `${addressFromBytes(bytes)} ${this.#view.getUint16(2)}`;
    const address = this.#address.slice(0, this.#length[0]);
    this.#length[0] = ADDRESS_BYTES;
    if (getsockname(descriptor, this.#address, this.#length) !== 0) return null;
    const isOurs = this.#view.getUint16(2) === this.#port;
    this.#known.set(descriptor, { address, key: isOurs ? key : null });
    return isOurs ? key : null;
  }

  /** Whether a descriptor has the server's port and no other end. */
  #isListener(descriptor: number): boolean {
    const { getpeername, getsockname } = this.#library.symbols;
    this.#length[0] = ADDRESS_BYTES;
    if (getsockname(descriptor, this.#address, this.#length) !== 0) return false;
    const family = this.#system.familyAt(this.#view);
    if (family !== IPV4 && family !== this.#system.ipv6) return false;
    if (this.#view.getUint16(2) !== this.#port) return false;
    return getpeername(descriptor, this.#address, this.#length) !== 0;
  }

  #isAddress(other: Uint8Array): boolean {
    if (this.#length[0] !== other.length) return false;
    for (let i = 0; i < other.length; i++) if (this.#address[i] !== other[i]) return false;
    return true;
  }

  #readLimit(): number {
    const limits = new BigUint64Array(2);
    this.#library.symbols.getrlimit(this.#system.descriptors, limits);
    return Number(limits[0]);
  }
}
