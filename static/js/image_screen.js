import { text } from "./text.js";

/** @typedef {import("./player.js").Screen} Screen */
/** @typedef {import("./player.js").Drawable} Drawable */
/** @typedef {import("./player.js").ScreenEvents} ScreenEvents */

/**
 * Lets the browser itself read the stream, as an image that keeps changing.
 *
 * @implements {Screen}
 * @implements {Drawable}
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

  isSlowToDraw = false;

  /** @param {CanvasRenderingContext2D} context */
  draw(context) {
    const { width, height } = context.canvas;
    context.drawImage(this.#image, 0, 0, width, height);
  }

  get size() {
    return { width: this.#image.naturalWidth, height: this.#image.naturalHeight };
  }

  /** The browser does not say. */
  received() {
    return Promise.resolve(null);
  }
}
