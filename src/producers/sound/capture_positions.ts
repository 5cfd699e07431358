import type { OggPacket } from "../../media/ogg/reader.ts";

const SAMPLES_PER_MS = 48;
/** No sound is on its way for longer, and none of a file comes so much before its time. Milliseconds. */
const MAX_AGE_MS = 10_000;
/** How long the picture is waited for, whose clock is needed: six seconds, as a clock that is behind is noticed after five. */
const PATIENCE_PACKETS = 300;

/** Reads when the packets of another livestream were captured, whose positions count from 1970 on. */
export class CapturePositions {
  readonly #clockOffset: () => number | null;
  /** What was last known of it: the picture's next connection has to find out anew. */
  #offset: number | null = null;
  #packets = 0;
  /** Whether positions say nothing. */
  #areUseless = false;

  /**
   * Knows nothing yet.
   *
   * @param clockOffset Returns what to add to times by the other machine's clock; `null` while that is not known.
   * Milliseconds.
   */
  constructor(clockOffset: () => number | null) {
    this.#clockOffset = clockOffset;
  }

  /**
   * Takes a packet.
   *
   * @param arrival When it arrived, as wall time in milliseconds.
   * @returns When its first sample was captured, as wall time; `undefined` while that is not known, and the packet should
   * be dropped; `null` if its position says nothing, as that of an older program.
   */
  take({ granule, samples, head }: OggPacket, arrival: number): number | undefined | null {
    const offset = this.#offset = this.#clockOffset() ?? this.#offset;
    if (offset === null && this.#packets++ < PATIENCE_PACKETS) return undefined;
    const at = (granule - samples - head.preSkip) / SAMPLES_PER_MS + (offset ?? 0);
    // Once and for all: times of two kinds would not follow one another.
    this.#areUseless ||= Math.abs(arrival - at) > MAX_AGE_MS;
    return this.#areUseless ? null : at;
  }
}
