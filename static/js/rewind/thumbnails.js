/** How often another one is loaded, at most. Milliseconds. */
const EVERY_MS = 250;

/** So many are kept. */
const MAX_KEPT = 100;

/** A range has so many different ones, at most; one a second if it is shorter. */
const PER_RANGE = 100;

/**
 * Loads small pictures of the past: the one wanted last, a few a second, each once.
 *
 * @template {{ complete: boolean }} Image
 */
export class Thumbnails {
  #load;
  #onLoad;
  /** By time, the one used last at the end. @type {Map<number, Image>} */
  #kept = new Map();
  /** @type {number | null} */
  #wanted = null;
  /** @type {number | undefined} */
  #timer;

  /**
   * @param {object} options
   * @param {(at: number, done: (isLoaded: boolean) => void) => Image} options.load Begins to load a picture.
   * @param {() => void} options.onLoad A picture has come that may be wanted.
   */
  constructor({ load, onLoad }) {
    this.#load = load;
    this.#onLoad = onLoad;
  }

  /**
   * Returns the picture of about a time if it is there; otherwise loads it.
   *
   * @param {number} at The server's wall time.
   * @param {number} length Of the range that it is in, in milliseconds.
   * @returns {Image | null}
   */
  get(at, length) {
    const step = Math.max(1000, Math.ceil(length / PER_RANGE / 1000) * 1000);
    const time = Math.round(at / step) * step;
    const kept = this.#kept.get(time);
    if (kept) {
      this.#kept.delete(time);
      this.#kept.set(time, kept);
      return kept.complete ? kept : null;
    }
    this.#wanted = time;
    if (this.#timer === undefined) this.#loadWanted();
    return null;
  }

  #loadWanted() {
    this.#timer = undefined;
    const time = this.#wanted;
    if (time === null) return;
    this.#wanted = null;
    this.#timer = setTimeout(() => this.#loadWanted(), EVERY_MS);
    const image = this.#load(time, (isLoaded) => {
      if (!isLoaded) this.#kept.delete(time);
      this.#onLoad();
    });
    this.#kept.set(time, image);
    const [oldest] = this.#kept.keys();
    if (this.#kept.size > MAX_KEPT) this.#kept.delete(oldest);
  }
}
