import { SYSTEM_CLOCK } from "../../clock.ts";
import { SocketCalls } from "./socket_calls.ts";
import type { Descriptors, Sockets } from "./sockets.ts";
import type { Transfer } from "./tcp_info.ts";

/** How far above the highest known descriptor to look for more. */
const MARGIN = 512;

/** How many descriptors on either side of a likely one may be a new connection's. */
const NEIGHBOURS = 8;
/** The pause between two scans for a new connection, as a multiple of how long a scan takes. */
const SCAN_PAUSE = 9;

/** The other end of a connection: as the system has it, and its key if the connection is ours. */
interface Peer {
  readonly address: Uint8Array;
  readonly key: string | null;
}

/** Finds the connections of the server among the descriptors of this process. Linux and macOS. */
export class SystemSockets implements Sockets {
  /** How many descriptors this process may have. */
  readonly limit: number;
  readonly #port: number;
  readonly #calls = new SocketCalls();
  /** What was last read of each descriptor: most stay what they are. */
  readonly #known = new Map<number, Peer>();
  #highest = 0;
  /** That of the newest connection that was looked for. */
  #lastNew = 0;
  /** What the last scan for a new connection found, and when the next scan is allowed. */
  #scan: Descriptors = new Map();
  #nextScanAt = -Infinity;
  #listener = -1;

  /**
   * Opens the C library.
   *
   * @param port The port on which the server listens.
   * @throws The system is not supported, or Deno may not call its C library.
   */
  constructor(port: number) {
    this.#port = port;
    this.limit = this.#calls.limit;
  }

  /** How many descriptors to look at to find every connection; grows as more are found. */
  get span(): number {
    // The system gives the lowest free descriptor first. So none is far above the highest known one,
    // unless many came since the last look; of those the first few are found now, the others soon.
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
   * Returns the descriptor of a connection that was accepted a moment ago; `null` if it is not found.
   *
   * Looks near the newest connection and near the lowest free descriptor; then among all, but takes no
   * more than a tenth of the time for that.
   */
  findNew(key: string): number | null {
    const last = this.#lastNew;
    const found = this.#findNear(key, last) ??
      this.#findNear(key, this.#calls.lowestFree() ?? last) ?? this.#scanFor(key);
    if (found !== null) this.#lastNew = found;
    return found;
  }

  /** Returns the number that no other connection ever has; `null` where the system gives none. */
  cookieOf(key: string, descriptor: number): bigint | null {
    return this.#keyOf(descriptor) === key ? this.#calls.cookieOf(descriptor) : null;
  }

  /** Returns whether the socket by which the server accepts connections is open. */
  isListening(): boolean {
    if (this.#isListener(this.#listener)) return true;
    for (this.#listener = this.span - 1; this.#listener >= 0; this.#listener--) {
      if (this.#isListener(this.#listener)) return true;
    }
    return false;
  }

  /** Returns how many more descriptors this process may have; a lower bound if there are plenty. */
  countFree(): number {
    const above = this.limit - 1 - this.#highest;
    if (above > 2 * MARGIN) return above;
    let free = 0;
    for (let descriptor = 0; descriptor < this.limit; descriptor++) {
      if (!this.#calls.isOpen(descriptor)) free++;
    }
    return free;
  }

  /** Returns whether fewer descriptors than these seem to be free; cheap, and only a guess. */
  isShort(reserve: number): boolean {
    const lowest = this.#calls.lowestFree();
    return lowest === null || lowest >= this.limit - reserve;
  }

  /** Returns what has gone over a connection; `null` where the system does not report it. */
  transferOf(key: string, descriptor: number): Transfer | null {
    return this.#keyOf(descriptor) === key ? this.#calls.transferOf(descriptor) : null;
  }

  /** Chooses the congestion control of a connection, unless the descriptor is now another's. */
  setCongestionControl(key: string, descriptor: number, name: string): void {
    if (this.#keyOf(descriptor) === key) this.#calls.setCongestionControl(descriptor, name);
  }

  /**
   * Returns the congestion control that a new connection has: the system's default, or `wanted` where the
   * system allows it; `null` where that is not known.
   */
  congestionControlOfNew(wanted: string | null): string | null {
    return this.#calls.congestionControlOfNew(wanted);
  }

  /** Returns whether the other end has closed; `false` where the system does not report it. */
  isClosedByPeer(key: string, descriptor: number): boolean {
    return this.#keyOf(descriptor) === key && this.#calls.isClosedByPeer(descriptor);
  }

  /**
   * Ends a connection, unless the descriptor is now another's.
   *
   * Between the check and the cut the descriptor cannot become another connection's: the thread that
   * runs this also accepts and closes connections, between two turns of its event loop. Other threads
   * may open and close files meanwhile, but not this descriptor.
   */
  cut(key: string, descriptor: number, { isDropped }: { isDropped: boolean }): void {
    if (this.#keyOf(descriptor) === key) this.#calls.cut(descriptor, isDropped);
  }

  /** Closes the C library. */
  [Symbol.dispose](): void {
    this.#calls[Symbol.dispose]();
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
    const begun = SYSTEM_CLOCK.monotonic();
    if (!this.#scan.has(key) && begun >= this.#nextScanAt) {
      this.#scan = this.look();
      const end = SYSTEM_CLOCK.monotonic();
      this.#nextScanAt = end + SCAN_PAUSE * (end - begun);
    }
    return this.#scan.get(key) ?? null;
  }

  /** Returns the other end of a connection of the server; `null` for any other descriptor. */
  #keyOf(descriptor: number): string | null {
    const peer = this.#calls.peerOf(descriptor);
    if (peer === null) return null;
    const known = this.#known.get(descriptor);
    if (known && peer.equals(known.address)) return known.key;
    if (!peer.isIp) return null;
    const local = this.#calls.localOf(descriptor);
    if (local === null) return null;
    const key = local.port === this.#port ? peer.key : null;
    this.#known.set(descriptor, { address: peer.copy(), key });
    return key;
  }

  /** Returns whether a descriptor has the server's port and no other end. */
  #isListener(descriptor: number): boolean {
    const local = this.#calls.localOf(descriptor);
    return local !== null && local.isIp && local.port === this.#port &&
      this.#calls.peerOf(descriptor) === null;
  }
}
