import type { SocketStatistics } from "../socket_statistics.ts";

/** What has gone over one TCP connection, and how. */
export interface Transfer extends SocketStatistics {
  /** Bytes that have come from the other end. */
  readonly received: number;
  /** Bytes that the other end has acknowledged. */
  readonly acknowledged: number;
  /**
   * Bytes given to the kernel, or more, as it may count some twice when it sends them again; `null` on
   * kernels before 4.19.
   */
  readonly written: number | null;
}

/** A `struct tcp_info` of Linux, <linux/tcp.h>, that system calls fill in again and again. */
export class TcpInfo {
  /** Holds the struct: as much of it as is of use. */
  readonly bytes: Uint8Array<ArrayBuffer> = new Uint8Array(SIZE);
  /** `socklen_t`: the room before a call, how much the kernel filled in after it. */
  readonly length: Uint32Array<ArrayBuffer> = new Uint32Array(1);
  readonly #view = new DataView(this.bytes.buffer);

  /** Gives the next call all the room there is. */
  makeRoom(): void {
    this.length[0] = SIZE;
  }

  /** Whether the other end has closed the connection. */
  get isClosedByPeer(): boolean {
    return this.#view.getUint8(STATE_AT) === CLOSE_WAIT;
  }

  /** Whether the other end has yet to acknowledge something. */
  get isWaiting(): boolean {
    return this.#number(NOT_SENT_AT) > 0 || this.#number(UNACKNOWLEDGED_SEGMENTS_AT) > 0;
  }

  /** Whether the kernel filled in what is needed, as it does since 4.6. */
  get isEnough(): boolean {
    return this.length[0] >= SHORTEST_ROUND_TRIP_AT + 4;
  }

  /**
   * Returns what the struct says.
   *
   * @param queued Bytes that the other end has yet to acknowledge. The struct does not say: sums of its
   * counts drift apart, as the kernel counts bytes as sent that the device's queue then refuses.
   */
  transfer(queued: number): Transfer {
    const unsent = this.#number(NOT_SENT_AT);
    const shortest = this.#number(SHORTEST_ROUND_TRIP_AT);
    return {
      received: this.#long(RECEIVED_AT),
      acknowledged: this.#long(ACKNOWLEDGED_AT),
      written: this.#has(SENT_AT, 8) ? this.#long(SENT_AT) + unsent : null,
      queued,
      unsent,
      roundTrip: this.#number(ROUND_TRIP_AT) / 1000,
      ...(shortest !== NEVER && { shortestRoundTrip: shortest / 1000 }),
      sinceAcknowledged: this.#number(SINCE_ACKNOWLEDGED_AT),
      congestionWindow: this.#number(CONGESTION_WINDOW_AT) * this.#number(SEGMENT_AT),
      ...(this.#has(WINDOW_CLOSED_AT, 8) && { windowClosed: this.#long(WINDOW_CLOSED_AT) / 1000 }),
      ...(this.#has(WINDOW_AT, 4) && { window: this.#number(WINDOW_AT) }),
    };
  }

  #has(at: number, bytes: number): boolean {
    return this.length[0] >= at + bytes;
  }

  #number(at: number): number {
    return this.#view.getUint32(at, true);
  }

  #long(at: number): number {
    return this.#number(at) + this.#number(at + 4) * 2 ** 32;
  }
}

const STATE_AT = 0;
/** `TCP_CLOSE_WAIT` of <net/tcp_states.h>: the other end has sent its last byte, and we have not. */
const CLOSE_WAIT = 8;
const SEGMENT_AT = 16;
const UNACKNOWLEDGED_SEGMENTS_AT = 24;
const SINCE_ACKNOWLEDGED_AT = 56;
const ROUND_TRIP_AT = 68;
const CONGESTION_WINDOW_AT = 80;
const ACKNOWLEDGED_AT = 120;
const RECEIVED_AT = 128;
const NOT_SENT_AT = 144;
const SHORTEST_ROUND_TRIP_AT = 148;
/** What the kernel reports before the first round trip was measured. */
const NEVER = 2 ** 32 - 1;
/** Since Linux 4.10. */
const WINDOW_CLOSED_AT = 176;
/** Since Linux 4.19. */
const SENT_AT = 200;
/** Since Linux 5.4. */
const WINDOW_AT = 228;
const SIZE = WINDOW_AT + 4;
