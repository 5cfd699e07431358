/** Times of media begin this long before the first picture, as its sound may begin before it. Milliseconds. */
const LEAD_MS = 10_000;

/**
 * Wall times as times of media, and the count of discontinuities: the same for all renditions, so that players can change
 * between them anywhere.
 */
export class HlsTimeline {
  #epoch: number | null = null;
  #discontinuities = 0;

  /** The most discontinuities that a rendition has had. The others catch up (RFC 8216 section 6.2.4). */
  get discontinuities(): number {
    return this.#discontinuities;
  }

  /** Notes that a rendition does not go on. Returns the count for what follows. */
  interrupt(count: number): number {
    // Others may have noted the same interruption before.
    if (count === this.#discontinuities) this.#discontinuities++;
    return this.#discontinuities;
  }

  /** Returns the time of media of a wall time, which is not negative. Milliseconds. */
  of(at: number): number {
    // A clock that was set back is a discontinuity, after which times may be smaller.
    if (this.#epoch === null || at < this.#epoch) this.#epoch = at - LEAD_MS;
    return at - this.#epoch;
  }
}
