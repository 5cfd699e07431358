import type { Clock } from "../clock.ts";
import type { Network } from "./network.ts";
import type { Peer, Transport } from "./transport.ts";

/** How long a message may take to come back. Milliseconds. */
const MEMORY_MS = 5000;

/** The most messages that are remembered. */
const MAX_MESSAGES = 64;

/**
 * Sends messages, and recognizes them when they come back: multicasts reach their sender too, and two
 * networks may be joined somewhere.
 */
export class OwnMessages implements Transport {
  readonly #transport: Transport;
  readonly #clock: Pick<Clock, "monotonic">;
  readonly #sentAt = new Map<string, number>();

  /** Sends by this transport. */
  constructor(transport: Transport, clock: Pick<Clock, "monotonic">) {
    this.#transport = transport;
    this.#clock = clock;
  }

  /** Sends to all of a network. */
  multicast(network: Network, bytes: Uint8Array): void {
    const key = bytes.toHex();
    this.#sentAt.delete(key);
    this.#sentAt.set(key, this.#clock.monotonic());
    const [oldest] = this.#sentAt.keys();
    if (this.#sentAt.size > MAX_MESSAGES) this.#sentAt.delete(oldest!);
    this.#transport.multicast(network, bytes);
  }

  /** Sends to one peer. */
  unicast(network: Network, bytes: Uint8Array, to: Peer): void {
    this.#transport.unicast(network, bytes, to);
  }

  /** Returns whether this message was sent from here lately. */
  has(bytes: Uint8Array): boolean {
    const sentAt = this.#sentAt.get(bytes.toHex());
    return sentAt !== undefined && this.#clock.monotonic() - sentAt < MEMORY_MS;
  }
}
