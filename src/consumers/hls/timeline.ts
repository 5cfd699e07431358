/** Times of media begin this long before the first picture, as its sound may begin before it. Milliseconds. */
const LEAD_MS = 10_000;

/** Wall times as times of media, the same for all renditions, so that players can change between them anywhere. */
export class HlsTimeline {
  #epoch: number | null = null;

  /** Returns the time of media of a wall time, which is not negative. Milliseconds. */
  of(at: number): number {
    // A clock that was set back is a discontinuity, after which times may be smaller.
    if (this.#epoch === null || at < this.#epoch) this.#epoch = at - LEAD_MS;
    return at - this.#epoch;
  }
}
