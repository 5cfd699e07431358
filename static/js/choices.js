/**
 * @typedef {import("../../src/live_messages.ts").Choices} Choices What a viewer has chosen.
 */

/**
 * A viewer's choices, on the page and on the server. The page shows a choice at once, and the server's answer corrects it.
 * Choices made while a request is under way go together in the next one, so that they cannot overtake each other.
 */
export class ViewerChoices {
  #post;
  #onChange;
  #onError;
  /** @type {Choices} What the server last confirmed. */
  #confirmed;
  /** @type {Partial<Choices>} Sent and not answered. */
  #asked = {};
  /** @type {Partial<Choices>} To be sent with the next request. */
  #wanted = {};
  #posting = false;

  /**
   * @param {object} options
   * @param {Choices} options.initial
   * @param {(change: Partial<Choices>) => Promise<Choices>} options.post Rejects with a reason for the viewer.
   * @param {(choices: Choices) => void} options.onChange
   * @param {(error: Error) => void} options.onError
   */
  constructor({ initial, post, onChange, onError }) {
    this.#confirmed = initial;
    this.#post = post;
    this.#onChange = onChange;
    this.#onError = onError;
  }

  /** @returns {Choices} */
  get current() {
    return { ...this.#confirmed, ...this.#asked, ...this.#wanted };
  }

  /** @param {Partial<Choices>} change */
  async choose(change) {
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
   * Takes over what the server reports, for example when the viewer chose something in another tab.
   *
   * @param {Choices} choices
   */
  adopt({ mode, quality, filter }) {
    if (this.#posting) return;
    this.#confirmed = { mode, quality, filter };
    this.#onChange(this.current);
  }

  /** Sends all choices to a server that may have lost them. Rejects if the server does not answer. */
  async restore() {
    this.#confirmed = await this.#post(this.current);
    this.#onChange(this.current);
  }
}
