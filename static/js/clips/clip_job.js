import { delay } from "./delay.js";

/** @typedef {import("../../../src/live_messages.ts").ClipState} ClipState */

/** How often the server is asked how far the clip is. Milliseconds. */
const POLL_MS = 500;

/** So many questions without an answer in a row end it. */
const MAX_UNANSWERED = 8;

/**
 * Asks the server for something by JSON: a GET without a body, else a POST. Rejects with an error to read, which has the
 * HTTP status if the server gave an answer.
 *
 * @callback Ask
 * @param {string} path
 * @param {object} [body]
 * @returns {Promise<any>}
 */

/**
 * What of a clip is shown.
 *
 * @typedef {object} ShownClip
 * @property {"asking" | "waiting" | "making" | "ready" | "failed"} state
 * @property {ClipState | null} clip `null` before the server's first answer.
 * @property {Error | null} error Why the server could not be asked.
 */

/** Makes the server make one clip at a time, and follows how far it is. */
export class ClipJob {
  #ask;
  #onChange;
  #sleep;
  /** The clip that is followed; another object for each. @type {{ id: string } | null} */
  #current = null;

  /**
   * @param {object} options
   * @param {Ask} options.ask
   * @param {(shown: ShownClip | null) => void} options.onChange `null` once it is cancelled.
   * @param {(ms: number) => Promise<void>} [options.sleep]
   */
  constructor({ ask, onChange, sleep = delay }) {
    this.#ask = ask;
    this.#onChange = onChange;
    this.#sleep = sleep;
  }

  /** Whether a clip is asked for or made. */
  get isBusy() {
    return this.#current !== null;
  }

  /**
   * Asks for a clip and follows it to its end. Does nothing while another is made.
   *
   * @param {object} wanted What `POST /clips` takes.
   */
  async start(wanted) {
    if (this.#current) return;
    const mine = this.#current = { id: "" };
    this.#onChange({ state: "asking", clip: null, error: null });
    try {
      let clip = await this.#ask("clips", wanted);
      mine.id = clip.id;
      // Cancelled before the server had a name for it.
      if (this.#current !== mine) return await this.#cancel(mine.id);
      while (this.#show(mine, clip)) {
        await this.#sleep(POLL_MS);
        clip = await this.#next(mine) ?? clip;
      }
    } catch (error) {
      if (this.#current !== mine) return;
      this.#current = null;
      this.#onChange({ state: "failed", clip: null, error: /** @type {Error} */ (error) });
    }
  }

  /** Gives up what is being made. */
  async cancel() {
    const current = this.#current;
    if (!current) return;
    this.#current = null;
    this.#onChange(null);
    if (current.id) await this.#cancel(current.id);
  }

  /**
   * Returns whether there is more to come.
   *
   * @param {{ id: string }} mine
   * @param {ClipState} clip
   */
  #show(mine, clip) {
    if (this.#current !== mine) return false;
    const isOver = clip.state === "ready" || clip.state === "failed";
    if (isOver) this.#current = null;
    this.#onChange({ state: clip.state, clip, error: null });
    return !isOver;
  }

  /**
   * Returns how far it is; `null` if it was cancelled meanwhile.
   *
   * @param {{ id: string }} mine
   */
  async #next(mine) {
    for (let unanswered = 0; this.#current === mine; unanswered++) {
      try {
        return await this.#ask(`clips?id=${encodeURIComponent(mine.id)}`);
      } catch (error) {
        const { status = 0 } = /** @type {{ status?: number }} */ (error);
        // An answer is final. Without one the network may be back soon.
        if (status !== 0 || unanswered >= MAX_UNANSWERED) throw error;
        await this.#sleep(POLL_MS * 2);
      }
    }
    return null;
  }

  /** @param {string} id */
  async #cancel(id) {
    // A clip that cannot be cancelled is made for nothing, and forgotten.
    await this.#ask("clips/cancel", { id }).catch(() => {});
  }
}
