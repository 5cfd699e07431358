import { AAC_DURATION, type AacPacket } from "../../streams/aac.ts";

/** What ffmpeg's encoder makes of silence, of any length: 1,024 samples in stereo. */
const SILENCE = Uint8Array.of(0x21, 0x10, 0x04, 0x60, 0x8c, 0x1c);

/** What was encoded for a time further ahead than this is not given: somebody set the clock. Milliseconds. */
const MAX_AHEAD_MS = 5_000;

/** Puts packets of AAC on a line without holes or overlaps, which it fills with silence. */
export class AacLine {
  readonly #give: (packet: AacPacket) => void;
  #begun = 0;
  /** How many packets were given since then. */
  #count = 0;
  /** Whether the newest packet was encoded. */
  #isInStep = false;

  /**
   * Begins at the Unix epoch.
   *
   * @param give Takes the packets, in order.
   */
  constructor(give: (packet: AacPacket) => void) {
    this.#give = give;
  }

  /** The wall time of the packet that comes next. */
  get next(): number {
    // Adding up durations would add up what they are rounded to.
    return this.#begun + this.#count * AAC_DURATION;
  }

  /** Begins at this wall time, wherever the line was before. */
  begin(at: number): void {
    this.#begun = at;
    this.#count = 0;
    this.#isInStep = false;
  }

  /**
   * Gives an encoded packet in place of the silence that is nearest to its time. It may differ by half a packet when
   * sound begins, and later by one, as clocks drift. A packet whose place is taken is dropped.
   */
  put(data: Uint8Array<ArrayBuffer>, at: number): void {
    const ahead = at - this.next;
    const tolerance = this.#isInStep ? AAC_DURATION : AAC_DURATION / 2;
    if (ahead < -tolerance || ahead > MAX_AHEAD_MS) return;
    if (ahead > tolerance) this.fillUntil(at + AAC_DURATION / 2);
    this.#add(data);
    this.#isInStep = true;
  }

  /** Gives the silence that has ended by this wall time. */
  fillUntil(at: number): void {
    while (this.next + AAC_DURATION <= at) {
      this.#add(SILENCE);
      this.#isInStep = false;
    }
  }

  #add(data: Uint8Array<ArrayBuffer>): void {
    const packet = { at: this.next, duration: AAC_DURATION, data };
    this.#count++;
    this.#give(packet);
  }
}
