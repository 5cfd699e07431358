/**
 * Decides which packets of H.264 can be decoded: each one needs the packet before it, unless it is a key packet.
 */
export class Continuity {
  /** The index of the packet accepted last; `null` until a key packet comes. @type {number | null} */
  #last = null;

  /**
   * Returns whether a packet can be decoded. If it cannot, neither can those after it, up to the next key packet.
   *
   * @param {{ index: number, isKey: boolean }} packet
   */
  accept({ index, isKey }) {
    if (!isKey && (this.#last === null || index !== this.#last + 1)) {
      this.#last = null;
      return false;
    }
    this.#last = index;
    return true;
  }

  /** Waits for the next key packet. */
  interrupt() {
    this.#last = null;
  }
}
