/**
 * Decodes the newest picture and drops those that were overtaken. At most one is being decoded or on its way to the
 * receiver, and at most one waits; so a slow device shows fewer pictures, not older ones.
 *
 * @template Part, Picture
 */
export class NewestDecoder {
  #decode;
  #give;
  #discard;
  #busy = false;
  #generation = 0;
  /** @type {Part | null} */
  #waiting = null;

  /**
   * @param {object} options
   * @param {(part: Part) => Promise<Picture>} options.decode A picture that it rejects is left out.
   * @param {(picture: Picture, part: Part) => void} options.give The receiver has to answer by `taken()`.
   * @param {(picture: Picture) => void} options.discard Frees a picture that nobody wants any more.
   */
  constructor({ decode, give, discard }) {
    this.#decode = decode;
    this.#give = give;
    this.#discard = discard;
  }

  /** @param {Part} part */
  push(part) {
    this.#waiting = part;
    if (!this.#busy) this.#decodeWaiting();
  }

  /** The receiver has the picture that was given last. */
  taken() {
    this.#busy = false;
    if (this.#waiting !== null) this.#decodeWaiting();
  }

  /** Forgets what waits or is being decoded, as when the viewer leaves. */
  clear() {
    this.#waiting = null;
    this.#generation++;
    this.#busy = false;
  }

  async #decodeWaiting() {
    const part = /** @type {Part} */ (this.#waiting);
    const generation = this.#generation;
    this.#waiting = null;
    this.#busy = true;
    try {
      const picture = await this.#decode(part);
      if (generation === this.#generation) this.#give(picture, part);
      else this.#discard(picture);
    } catch {
      if (generation === this.#generation) this.taken();
    }
  }
}
