/**
 * Decodes the newest frame and drops older ones. At most one frame is being decoded or on its way to the receiver, and at
 * most one waits, so a slow device shows fewer frames rather than old ones.
 *
 * @template Part, Picture
 */
export class NewestDecoder {
  #decode;
  #give;
  #discard;
  #skip;
  #busy = false;
  #generation = 0;
  /** @type {Part | null} */
  #waiting = null;

  /**
   * @param {object} options
   * @param {(part: Part) => Promise<Picture>} options.decode A frame that fails to decode is skipped.
   * @param {(picture: Picture, part: Part) => void} options.give The receiver must answer with `taken()`.
   * @param {(picture: Picture) => void} options.discard Frees a picture that is not needed any more.
   * @param {(part: Part) => void} [options.skip] Frees a frame that is dropped before it is decoded.
   */
  constructor({ decode, give, discard, skip = () => {} }) {
    this.#decode = decode;
    this.#give = give;
    this.#discard = discard;
    this.#skip = skip;
  }

  /** @param {Part} part */
  push(part) {
    this.#dropWaiting();
    this.#waiting = part;
    if (!this.#busy) this.#decodeWaiting();
  }

  /** Reports that the receiver has the last picture. */
  taken() {
    this.#busy = false;
    if (this.#waiting !== null) this.#decodeWaiting();
  }

  /** Drops the frame that waits and the one being decoded, for example when the viewer leaves. */
  clear() {
    this.#dropWaiting();
    this.#generation++;
    this.#busy = false;
  }

  #dropWaiting() {
    if (this.#waiting !== null) this.#skip(this.#waiting);
    this.#waiting = null;
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
