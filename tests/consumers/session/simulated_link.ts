import type { Path } from "./simulated_path.ts";

/** What goes over the link at once. */
const SEGMENT_BYTES = 1448;

/** The network between the server and its viewers. */
export interface Network {
  /** Bits a second that the link carries at a time in milliseconds. */
  readonly capacity: (at: number) => number;
  /** What lies between besides: connections of TCP over it, which the rest of this is then not. */
  readonly path?: Omit<Path, "capacity">;
  readonly seconds: number;
  /** Bytes that a token bucket lets through at once after an idle time. */
  readonly burst?: number;
  /** Whether the link gives nothing at that time: losses and their repair. */
  readonly loss?: (at: number) => boolean;
  /**
   * Whose bytes go next: `arrival` for one queue, first in, first out; `turns` where all who have
   * something to send go by turns, which is nearer to what connections of TCP make of a full link.
   */
  readonly order?: "arrival" | "turns";
  /** Bits a second that the server may send in all, shared as the server shares them. */
  readonly uplink?: number;
}

/** One link for all who send through it. */
export class SimulatedLink {
  readonly #network: Network;
  readonly #queue: { left: number; readonly moved: (bytes: number) => void }[] = [];
  #tokens: number;

  constructor(network: Network) {
    this.#network = network;
    this.#tokens = network.burst ?? 0;
  }

  /** @param moved Called whenever some of the bytes have come through; stands for the connection. */
  send(bytes: number, moved: (bytes: number) => void): void {
    const waiting = this.#queue.find((one) => one.moved === moved);
    if (waiting && this.#network.order === "turns") waiting.left += bytes;
    else this.#queue.push({ left: bytes, moved });
  }

  tick(now: number): void {
    const { capacity, burst = 0, loss = () => false, order = "arrival" } = this.#network;
    if (loss(now)) return;
    const flow = capacity(now) / 8000;
    this.#tokens = Math.min(this.#tokens + flow, Math.max(burst, flow));
    const most = order === "turns" ? SEGMENT_BYTES : Infinity;
    while (this.#queue.length > 0 && this.#tokens > 0) {
      const first = this.#queue.shift()!;
      const bytes = Math.min(this.#tokens, first.left, most);
      this.#tokens -= bytes;
      first.left -= bytes;
      first.moved(bytes);
      if (first.left <= 0) continue;
      // What is cut off goes on next; a turn that was taken comes round again.
      if (order === "turns") this.#queue.push(first);
      else this.#queue.unshift(first);
    }
  }
}
