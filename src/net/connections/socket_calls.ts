import { C_LIBRARY } from "../../c_library.ts";
import { type AddressLayout, SocketAddress } from "./socket_address.ts";
import { TcpInfo, type Transfer } from "./tcp_info.ts";

/** Constants of a system's C library; <sys/socket.h>, <sys/resource.h>. */
interface System extends AddressLayout {
  /** RLIMIT_NOFILE. */
  readonly descriptors: number;
  /** SOL_SOCKET. */
  readonly socketLevel: number;
  /** SO_LINGER. */
  readonly linger: number;
  /** SO_COOKIE, which only Linux has. */
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
  // The byte before it holds the length.
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
  socket: { parameters: ["i32", "i32", "i32"], result: "i32" },
  dup: { parameters: ["i32"], result: "i32" },
  close: { parameters: ["i32"], result: "i32" },
  ioctl: { parameters: ["i32", "u32", "buffer"], result: "i32" },
  fcntl: { parameters: ["i32", "i32"], result: "i32" },
} as const;

const STANDARD_ERROR = 2;
const F_GETFD = 1;
const SHUT_RDWR = 2;
/** `struct linger`: on, for zero seconds. */
const AT_ONCE = new Uint8Array(new Int32Array([1, 0]).buffer);

/** `IPPROTO_TCP` and its options on Linux; <linux/tcp.h>. */
const TCP = 6;
const TCP_INFO = 11;
const TCP_CONGESTION = 13;
/** `TCP_CA_NAME_MAX`, with the final zero. Bytes. */
const CONGESTION_BYTES = 16;
/** `AF_INET`; `SOCK_STREAM | SOCK_CLOEXEC` of Linux. */
const IPV4 = 2;
const STREAM = 0x80001;
/** How much the other end of a connection has yet to acknowledge; <linux/sockios.h>. */
const SIOCOUTQ = 0x5411;

/** POSIX calls on the descriptors of this process, by way of the C library. Linux and macOS. */
export class SocketCalls implements Disposable {
  /** How many descriptors this process may have. */
  readonly limit: number;
  readonly #system: System;
  readonly #library: Deno.DynamicLibrary<typeof SYMBOLS>;
  readonly #peer: SocketAddress;
  readonly #local: SocketAddress;
  readonly #length = new Uint32Array(1);
  readonly #cookie = new BigUint64Array(1);
  readonly #info = new TcpInfo();
  readonly #queued = new Int32Array(1);

  /** @throws This is another system, the C library is another, or Deno may not call it. */
  constructor() {
    const { os } = Deno.build;
    if (os !== "linux" && os !== "darwin") throw new Error(`not supported on ${os}`);
    this.#system = os === "linux" ? LINUX : MACOS;
    this.#peer = new SocketAddress(this.#system);
    this.#local = new SocketAddress(this.#system);
    this.#library = Deno.dlopen(C_LIBRARY, SYMBOLS);
    const limits = new BigUint64Array(2);
    this.#library.symbols.getrlimit(this.#system.descriptors, limits);
    this.limit = Number(limits[0]);
  }

  /** Returns the other end of a connection, until the next call; `null` where there is none. */
  peerOf(descriptor: number): SocketAddress | null {
    const { bytes, length } = this.#peer;
    this.#peer.makeRoom();
    return this.#library.symbols.getpeername(descriptor, bytes, length) === 0 ? this.#peer : null;
  }

  /** Returns this end of a socket, until the next call; `null` if the descriptor is no socket. */
  localOf(descriptor: number): SocketAddress | null {
    const { bytes, length } = this.#local;
    this.#local.makeRoom();
    return this.#library.symbols.getsockname(descriptor, bytes, length) === 0 ? this.#local : null;
  }

  /** Returns the number that no other socket ever has; `null` where the system gives none. */
  cookieOf(descriptor: number): bigint | null {
    const { socketLevel, cookie } = this.#system;
    if (cookie === null) return null;
    this.#length[0] = this.#cookie.byteLength;
    const { getsockopt } = this.#library.symbols;
    const failed = getsockopt(descriptor, socketLevel, cookie, this.#cookie, this.#length) !== 0;
    return failed ? null : this.#cookie[0];
  }

  /** Returns what has gone over a connection; `null` where the system does not report it. */
  transferOf(descriptor: number): Transfer | null {
    if (!this.#readTcpInfo(descriptor) || !this.#info.isEnough) return null;
    return this.#info.transfer(this.#info.isWaiting ? this.#queuedOf(descriptor) : 0);
  }

  /** Returns whether the other end has closed; `false` where the system does not report it. */
  isClosedByPeer(descriptor: number): boolean {
    return this.#readTcpInfo(descriptor) && this.#info.isClosedByPeer;
  }

  /** Chooses the congestion control of a connection, if the system allows it. */
  setCongestionControl(descriptor: number, name: string): void {
    if (Deno.build.os !== "linux") return;
    const bytes = new TextEncoder().encode(name);
    this.#library.symbols.setsockopt(descriptor, TCP, TCP_CONGESTION, bytes, bytes.length);
  }

  /**
   * Returns the congestion control that a new connection has: the system's default, or `wanted` where the
   * system allows it; `null` where that is not known.
   */
  congestionControlOfNew(wanted: string | null): string | null {
    if (Deno.build.os !== "linux") return null;
    const { socket, getsockopt, close } = this.#library.symbols;
    const descriptor = socket(IPV4, STREAM, 0);
    if (descriptor === -1) return null;
    if (wanted !== null) this.setCongestionControl(descriptor, wanted);
    const bytes = new Uint8Array(this.#length[0] = CONGESTION_BYTES);
    const failed = getsockopt(descriptor, TCP, TCP_CONGESTION, bytes, this.#length) !== 0;
    close(descriptor);
    return failed ? null : new TextDecoder().decode(bytes).replace(/\0.*$/, "");
  }

  /**
   * Ends a connection. Whoever holds the descriptor notices and closes it.
   *
   * @param isDropped Whether to discard what was sent and not received. Otherwise the system keeps
   * that for minutes if the other end does not read it.
   */
  cut(descriptor: number, isDropped: boolean): void {
    const { setsockopt, shutdown } = this.#library.symbols;
    const { socketLevel, linger } = this.#system;
    if (isDropped) setsockopt(descriptor, socketLevel, linger, AT_ONCE, AT_ONCE.length);
    shutdown(descriptor, SHUT_RDWR);
  }

  /** Returns whether a descriptor is in use. */
  isOpen(descriptor: number): boolean {
    return this.#library.symbols.fcntl(descriptor, F_GETFD) !== -1;
  }

  /** Returns the lowest free descriptor, which the next file or socket gets; `null` without one. */
  lowestFree(): number | null {
    const { dup, close } = this.#library.symbols;
    const lowest = dup(STANDARD_ERROR);
    if (lowest === -1) return null;
    close(lowest);
    return lowest;
  }

  /** Closes the C library. */
  [Symbol.dispose](): void {
    this.#library.close();
  }

  #readTcpInfo(descriptor: number): boolean {
    if (Deno.build.os !== "linux") return false;
    const { getsockopt } = this.#library.symbols;
    const { bytes, length } = this.#info;
    this.#info.makeRoom();
    return getsockopt(descriptor, TCP, TCP_INFO, bytes, length) === 0;
  }

  #queuedOf(descriptor: number): number {
    const { ioctl } = this.#library.symbols;
    return ioctl(descriptor, SIOCOUTQ, this.#queued) === 0 ? this.#queued[0] : 0;
  }
}
