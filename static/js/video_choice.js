import { recall, remember } from "./remembered.js";
import { videoPath } from "./video/support.js";

/** @typedef {import("../../src/media/rendition.ts").Filter} Filter */
/** @typedef {"auto" | "jpeg" | "h264"} Codec What a viewer chooses. */

/** The name under which the browser remembers the choice. */
const NAME = "video";

/** What the page asks for: JPEG, H.264, or whichever suits the connection. */
export class VideoChoice {
  /** How this page plays H.264; `null` if it cannot, or the server has none. */
  path = document.documentElement.dataset.video === "h264" ? videoPath() : null;
  #hasFailed = false;
  /** Whether something needs JPEG at the moment. */
  needsJpeg = false;

  /** @returns {Codec} */
  get chosen() {
    const name = recall(NAME);
    return name === "jpeg" || name === "h264" ? name : "auto";
  }

  /** @param {Codec} codec */
  choose(codec) {
    this.#hasFailed = false;
    remember(NAME, codec);
  }

  /**
   * Returns how a screen shows H.264; `null` if it shows none.
   *
   * @param {object} options
   * @param {() => Filter} options.filter What the viewer chose.
   * @param {() => void} options.restart Opens the stream anew.
   * @returns {import("./canvas_screen.js").VideoOptions | null}
   */
  screenOptions({ filter, restart }) {
    if (this.path === null) return null;
    return {
      path: () => this.#asked === "jpeg" ? null : this.path,
      filter,
      onFailure: () => {
        // It goes on with JPEG until the viewer chooses again or leaves.
        this.#hasFailed = true;
        restart();
      },
    };
  }

  /** What a connection asks for: `&video=h264&codec=auto`. */
  get query() {
    return this.path === null ? "" : `&video=h264&codec=${this.#asked}`;
  }

  get #asked() {
    if (this.#hasFailed || this.needsJpeg) return "jpeg";
    const { connection } = /** @type {{ connection?: { saveData?: boolean } }} */ (navigator);
    return this.chosen === "auto" && connection?.saveData ? "h264" : this.chosen;
  }
}
