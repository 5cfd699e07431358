import { concat } from "../jpeg/concat.ts";
import { samplesOf } from "../opus.ts";
import { encodeOpusHead, encodeOpusTags } from "./opus_headers.ts";
import { encodePage } from "./page.ts";

/**
 * Samples that a player discards after it began in the middle of a stream, as its decoder has nothing to
 * predict from: 80 ms (RFC 7845 section 4.2).
 */
export const PRE_SKIP = 3_840;

/** Names the logical stream. Any number will do, as it is the only one. */
const SERIAL = 1;

/** Writes a live Opus stream in Ogg (RFC 7845), one page for each packet, so that none waits for another. */
export class OggWriter {
  #sequence = 0;
  #granule = 0;
  /** Where the next packet begins; `null` for where the one before ended. */
  #start: number | null = null;

  /**
   * Returns the pages before the first packet. Call it once, at first.
   *
   * Players are told to decode to two channels: they play packets of one on both.
   */
  headers(): Uint8Array<ArrayBuffer> {
    const head = this.#page(encodeOpusHead({ channels: 2, preSkip: PRE_SKIP }));
    const tags = this.#page(encodeOpusTags("livestream"));
    return concat(head, tags);
  }

  /**
   * Sets the position at which the next packet begins, in place of where the one before ended. Positions rise all the same:
   * where times fall, they go on slowly until these are ahead again.
   *
   * @param samples At 48 kHz.
   */
  startAt(samples: number): void {
    this.#start = samples;
  }

  /**
   * Returns the page for the next packet, which begins where the one before ended: what is missing between
   * them would make players stop.
   */
  page(packet: Uint8Array): Uint8Array<ArrayBuffer> {
    const samples = samplesOf(packet);
    this.#granule = this.#start === null
      ? this.#granule + samples
      : Math.max(this.#granule + 1, this.#start + samples);
    this.#start = null;
    return this.#page(packet);
  }

  #page(packet: Uint8Array): Uint8Array<ArrayBuffer> {
    const sequence = this.#sequence++;
    return encodePage(packet, {
      isFirst: sequence === 0,
      granule: this.#granule,
      serial: SERIAL,
      sequence,
    });
  }
}
