/** Answers that are looked at: the least stale one of them says how far the clocks are apart. */
const KEPT = 30;

/**
 * The server's wall time, by the time in answers that a cache may have kept for a while: of several, the one that seems to
 * have come fastest is right.
 */
export class ServerTime {
  /** @type {number[]} How much later this device's clock was. */
  #offsets = [];

  /**
   * @param {number} server When the server made the answer.
   * @param {number} device When it came.
   */
  add(server, device) {
    this.#offsets.push(device - server);
    if (this.#offsets.length > KEPT) this.#offsets.shift();
  }

  /** @param {number} device Returns the server's time at a time of this device. */
  at(device) {
    return this.#offsets.length === 0 ? device : device - Math.min(...this.#offsets);
  }
}
