import { samplesOf } from "../opus.ts";
import { isOpusTags, type OpusHead, readOpusHead } from "./opus_headers.ts";
import { PacketJoiner } from "./packet_joiner.ts";
import type { Page } from "./page.ts";
import { PageReader } from "./page_reader.ts";

/** Later positions are damage: they are thousands of years from the beginning. */
const MAX_GRANULE = BigInt(Number.MAX_SAFE_INTEGER);

/** One Opus packet of an Ogg stream. */
export interface OggPacket {
  /** The packet, which owns its buffer. */
  readonly data: Uint8Array<ArrayBuffer>;
  /**
   * The position of its end in the stream, in samples at 48 kHz, `preSkip` included. Within one stream it
   * never goes back; from one packet to the next, it advances by more than `samples` if sound is missing.
   */
  readonly granule: number;
  /** How long it plays, in samples at 48 kHz. */
  readonly samples: number;
  /** What its stream says about itself; another object for each stream. */
  readonly head: OpusHead;
}

/**
 * Reads Opus packets from an Ogg stream (RFC 3533, RFC 7845) that comes in chunks.
 *
 * A damaged page is dropped, with the packets of which it holds a part; reading goes on at the next page.
 * Streams may follow one another; of several at the same time, the one that began last is read. Holds at
 * most one page and one packet.
 *
 * @example
 * ```ts
 * const reader = new OggReader();
 * for await (const chunk of process.stdout) {
 *   for (const { data, granule } of reader.push(chunk)) play(data, granule);
 * }
 * ```
 */
export class OggReader {
  readonly #pages = new PageReader();
  readonly #joiner = new PacketJoiner();
  readonly #mayOverlap: boolean;
  #invalid = 0;
  /** What the stream says about itself; `null` before it begins and after it ended. */
  #head: OpusHead | null = null;
  #serial = 0;
  /** The number of the page that is due. */
  #sequence = 0;
  /** Whether a packet has come, so that no tags can follow. */
  #hasSound = false;
  /** The position after the newest packet. */
  #end = 0;

  /**
   * Has read nothing yet.
   *
   * @param mayOverlap Whether packets may begin before the one before ends, as positions that are times do where the clock of
   * the sound is too fast. Each page must then have a position. Default: false.
   */
  constructor(mayOverlap = false) {
    this.#mayOverlap = mayOverlap;
  }

  /** How often something was dropped: a run of bytes that are no page, or an invalid packet. */
  get damaged(): number {
    return this.#pages.damaged + this.#invalid;
  }

  /**
   * Adds the next bytes of the stream.
   *
   * @param chunk Of any length; the caller may reuse it afterwards.
   * @returns The packets that it completes, oldest first.
   */
  push(chunk: Uint8Array): OggPacket[] {
    const packets: OggPacket[] = [];
    for (const page of this.#pages.push(chunk)) {
      if (page.isFirst) this.#begin(page);
      else if (this.#head !== null && page.serial === this.#serial) {
        packets.push(...this.#packetsOf(page, this.#head));
        if (page.isLast) this.#head = null;
      }
    }
    return packets;
  }

  #begin({ body, serial, sequence }: Page): void {
    const head = readOpusHead(body);
    // Another kind of stream may go on beside this one.
    if (head === null) return;
    this.#head = head;
    this.#serial = serial;
    this.#sequence = following(sequence);
    this.#hasSound = false;
    this.#end = 0;
    this.#joiner.reset();
  }

  #packetsOf(page: Page, head: OpusHead): OggPacket[] {
    if (page.sequence !== this.#sequence) this.#joiner.reset();
    this.#sequence = following(page.sequence);
    const ended = this.#joiner.take(page);
    if (!this.#hasSound && ended.length > 0 && isOpusTags(ended[0])) ended.shift();
    if (ended.length === 0) return [];
    this.#hasSound = true;
    const timed = ended.map((data) => ({ data, samples: samplesOf(data) }));
    const valid = timed.filter(({ samples }) => samples > 0);
    this.#invalid += timed.length - valid.length;
    const total = valid.reduce((sum, { samples }) => sum + samples, 0);
    // The position of a page is that of its last packet. The last page may name an earlier one, at which
    // players stop (RFC 7845 section 4.4).
    const start = positionOf(page) - total;
    this.#end = this.#mayOverlap ? start : Math.max(this.#end, start);
    return valid.map(({ data, samples }) => {
      this.#end += samples;
      return { data, samples, granule: this.#end, head };
    });
  }
}

function following(sequence: number): number {
  return (sequence + 1) >>> 0;
}

/** Returns the position that a page names; 0 if it names none that can be right. */
function positionOf({ granule }: Page): number {
  return granule === null || granule > MAX_GRANULE ? 0 : Number(granule);
}
