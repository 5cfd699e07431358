import type { Packet, Track } from "../media/packet.ts";

/** Runs one source and yields its packets. */
export interface Producer<Item extends Packet = Packet> {
  /** The tracks it yields packets of. */
  readonly tracks: readonly Track[];
  /**
   * Starts the source and yields its packets until {@linkcode stop}. For pictures the newest wins: a
   * frame that the reader was too slow for is dropped.
   */
  packets(): AsyncIterable<Item>;
  /** Ends the source, and with it the packets. */
  stop(): Promise<void>;
}
