import { concat } from "../jpeg/concat.ts";
import type { Page } from "./page.ts";

/** The longest packet of one or two channels (RFC 7845 section 6). Tags, which nobody needs, may be longer. */
const MAX_PACKET_BYTES = 61_440;

/** Joins the segments of one logical stream's pages to packets, and drops those that are not whole. */
export class PacketJoiner {
  /** The beginning of a packet that goes on at the next page. */
  #begun: Uint8Array[] = [];
  #bytes = 0;
  /** Whether the rest of the current packet is of no use. */
  #isSkipping = false;

  /** Drops the packet that has begun. */
  reset(): void {
    this.#begun = [];
    this.#bytes = 0;
    this.#isSkipping = false;
  }

  /**
   * Takes the next page.
   *
   * @returns The packets that end on it, oldest first. Each owns its buffer.
   */
  take({ isContinued, lengths, body }: Page): Uint8Array<ArrayBuffer>[] {
    const packets: Uint8Array<ArrayBuffer>[] = [];
    const hasBegun = this.#bytes > 0 || this.#isSkipping;
    if (isContinued !== hasBegun) {
      this.reset();
      this.#isSkipping = isContinued;
    }
    let from = 0, to = 0;
    for (const length of lengths) {
      to += length;
      if (length === 255) continue;
      this.#add(body.subarray(from, to));
      if (!this.#isSkipping) packets.push(concat(...this.#begun));
      this.reset();
      from = to;
    }
    // A copy, as the page's bytes do not last.
    if (from < to) this.#add(body.slice(from, to));
    return packets;
  }

  #add(part: Uint8Array): void {
    this.#bytes += part.length;
    if (this.#bytes > MAX_PACKET_BYTES) {
      this.#begun = [];
      this.#isSkipping = true;
    }
    if (!this.#isSkipping) this.#begun.push(part);
  }
}
