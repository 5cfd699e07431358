import { addressFromBytes } from "../ip_address.ts";

/** AF_INET, the same on Linux and macOS. */
const IPV4 = 2;

/** The size of `struct sockaddr_storage`. Bytes. */
const STORAGE_BYTES = 128;

/** How a system lays out the family of a `struct sockaddr`; <sys/socket.h>. */
export interface AddressLayout {
  /** AF_INET6. */
  readonly ipv6: number;
  /** Reads the family of an address. */
  readonly familyAt: (view: DataView) => number;
}

/** A `struct sockaddr_storage` that system calls fill in again and again. */
export class SocketAddress {
  /** Holds the struct. */
  readonly bytes: Uint8Array<ArrayBuffer> = new Uint8Array(STORAGE_BYTES);
  /** `socklen_t`: the room before a call, the length of the address after it. */
  readonly length: Uint32Array<ArrayBuffer> = new Uint32Array(1);
  readonly #view = new DataView(this.bytes.buffer);
  readonly #layout: AddressLayout;

  /** Creates an empty struct. */
  constructor(layout: AddressLayout) {
    this.#layout = layout;
  }

  /** Gives the next call all the room there is. */
  makeRoom(): void {
    this.length[0] = STORAGE_BYTES;
  }

  /** Whether it is an address of IPv4 or IPv6, rather than of a Unix socket. */
  get isIp(): boolean {
    const family = this.#layout.familyAt(this.#view);
    return family === IPV4 || family === this.#layout.ipv6;
  }

  /** The TCP port. */
  get port(): number {
    return this.#view.getUint16(2);
  }

  /** The address and the port as `socketKey` writes them. */
  get key(): string {
    const isIpv4 = this.#layout.familyAt(this.#view) === IPV4;
    const bytes = isIpv4 ? this.bytes.subarray(4, 8) : this.bytes.subarray(8, 24);
    return `${addressFromBytes(bytes)} ${this.port}`;
  }

  /** Returns a copy of the struct's bytes, to compare a later one with. */
  copy(): Uint8Array {
    return this.bytes.slice(0, this.length[0]);
  }

  /** Returns whether the struct has the same bytes as a {@linkcode copy}. */
  equals(copy: Uint8Array): boolean {
    if (this.length[0] !== copy.length) return false;
    for (let i = 0; i < copy.length; i++) if (this.bytes[i] !== copy[i]) return false;
    return true;
  }
}
