/**
 * @typedef {object} Settings What a viewer has chosen.
 * @property {"home" | "gaming"} mode
 * @property {"high" | "medium" | "low"} quality
 * @property {import("../../src/live_messages.ts").Choices["filter"]} filter
 */

/**
 * A viewer's settings, here and on the server. A choice counts here at once; the server's answer corrects it. Choices made
 * while one is under way go together in the next post, so that they cannot overtake each other.
 */
export class ViewerSettings {
  #post;
  #onChange;
  #onError;
  /** @type {Settings} What the server last confirmed. */
  #confirmed;
  /** @type {Partial<Settings>} What it has been asked for and has not answered. */
  #asked = {};
  /** @type {Partial<Settings>} What it is still to be asked for. */
  #wanted = {};
  #posting = false;
  #choices = 0;

  /**
   * @param {object} options
   * @param {Settings} options.initial
   * @param {(change: Partial<Settings>) => Promise<Settings>} options.post Rejects with a reason for the viewer.
   * @param {(settings: Settings) => void} options.onChange
   * @param {(error: Error) => void} options.onError
   */
  constructor({ initial, post, onChange, onError }) {
    this.#confirmed = initial;
    this.#post = post;
    this.#onChange = onChange;
    this.#onError = onError;
  }

  /** @returns {Settings} */
  get current() {
    return { ...this.#confirmed, ...this.#asked, ...this.#wanted };
  }

  /** Grows with each choice, so that an answer can be known to be older than the last one. */
  get version() {
    return this.#choices;
  }

  /** @param {Partial<Settings>} change */
  async choose(change) {
    this.#choices++;
    this.#wanted = { ...this.#wanted, ...change };
    this.#onChange(this.current);
    if (this.#posting) return;
    this.#posting = true;
    while (Object.keys(this.#wanted).length > 0) {
      this.#asked = this.#wanted;
      this.#wanted = {};
      try {
        this.#confirmed = await this.#post(this.#asked);
      } catch (error) {
        this.#onError(/** @type {Error} */ (error));
      }
      this.#asked = {};
      this.#onChange(this.current);
    }
    this.#posting = false;
  }

  /**
   * Takes over what the server says, as when the same viewer chose something in another tab.
   *
   * @param {Settings} settings
   */
  adopt({ mode, quality, filter }) {
    if (this.#posting) return;
    this.#confirmed = { mode, quality, filter };
    this.#onChange(this.current);
  }

  /** Tells them all to a server that may have forgotten them. Rejects if it cannot be reached. */
  async restore() {
    this.#confirmed = await this.#post(this.current);
    this.#onChange(this.current);
  }
}
