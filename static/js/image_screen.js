import { text } from "./text.js";

/** @typedef {import("./player.js").Screen} Screen */
/** @typedef {import("./player.js").ScreenEvents} ScreenEvents */

/**
 * Lets the browser itself read the stream, as an image that keeps changing.
 *
 * @implements {Screen}
 */
export class ImageScreen {
  #image;
  /** @type {ScreenEvents | null} */
  #events = null;

  /** @param {HTMLImageElement} image */
  constructor(image) {
    this.#image = image;
    image.addEventListener("load", () => this.#events?.onPicture(null));
    image.addEventListener("error", () => this.lost(text("error.unreachable")));
  }

  /**
   * @param {string} url A new one each time: with the same one, the browser would show its old image without a request.
   * @param {ScreenEvents} events
   */
  open(url, events) {
    this.#events = events;
    this.#image.src = url;
  }

  /** @param {string} reason */
  lost(reason) {
    const events = this.#events;
    this.#events = null;
    events?.onEnd({ reason, status: 0 });
  }

  close() {
    this.#events = null;
    this.#image.removeAttribute("src");
  }

  /** @returns {Promise<Blob | null>} */
  snapshot() {
    const { naturalWidth: width, naturalHeight: height } = this.#image;
    if (width === 0) return Promise.resolve(null);
    const canvas = Object.assign(document.createElement("canvas"), { width, height });
    canvas.getContext("2d")?.drawImage(this.#image, 0, 0);
    return new Promise((resolve) => canvas.toBlob(resolve, "image/jpeg", 0.95));
  }
}
