import { DEVICE_CLOCK } from "../clock.js";

/** For this long after an answer, a report of another value may be older than it. Milliseconds. */
const STALE_MS = 700;

/**
 * A value on the server that the streamer changes here. It sends one request at a time and, of the values chosen during a
 * request, only the newest.
 *
 * @template Value A primitive.
 */
export class SavedValue {
  #send;
  #onChange;
  /** @type {Value} */
  #saved;
  /** @type {Value} */
  #wanted;
  #isSending = false;
  #clock;
  #answeredAt = -Infinity;

  /**
   * @param {object} options
   * @param {Value} options.initial
   * @param {(value: Value) => Promise<boolean>} options.send Must not reject; `false` if the server did not take the value.
   * @param {() => void} options.onChange {@linkcode saved}, {@linkcode wanted} or {@linkcode isSending} changed.
   * @param {Pick<import("../clock.js").Clock, "monotonic">} [options.clock]
   */
  constructor({ initial, send, onChange, clock = DEVICE_CLOCK }) {
    this.#clock = clock;
    this.#saved = this.#wanted = initial;
    this.#send = send;
    this.#onChange = onChange;
  }

  /** The value on the server, as far as known. */
  get saved() {
    return this.#saved;
  }

  /** What the streamer chose last; the saved value unless a request is open. */
  get wanted() {
    return this.#wanted;
  }

  /** Whether a request is open. */
  get isSending() {
    return this.#isSending;
  }

  /**
   * Takes the value that the server reports, unless the answer to a request is newer, or will be. What is missed then comes
   * with the next report.
   *
   * @param {Value} value
   */
  receive(value) {
    if (this.#isSending || value === this.#saved) return;
    if (this.#clock.monotonic() - this.#answeredAt < STALE_MS) return;
    this.#saved = this.#wanted = value;
    this.#onChange();
  }

  /** @param {Value} value */
  async choose(value) {
    this.#wanted = value;
    if (this.#isSending) return this.#onChange();
    this.#isSending = true;
    this.#onChange();
    while (this.#wanted !== this.#saved) {
      const value = this.#wanted;
      if (await this.#send(value)) this.#saved = value;
      else if (this.#wanted === value) this.#wanted = this.#saved;
    }
    this.#isSending = false;
    this.#answeredAt = this.#clock.monotonic();
    this.#onChange();
  }
}
