/** @typedef {import("./player.js").Screen} Screen */
/** @typedef {import("./player.js").ScreenEvents} ScreenEvents */
/** @typedef {import("./player.js").PictureInfo} PictureInfo */
/** @typedef {import("./player.js").StreamEnd} StreamEnd */

/**
 * Paints the frames that a worker reads and decodes.
 *
 * @implements {Screen}
 */
export class CanvasScreen {
  #canvas;
  #context;
  #worker;
  /** @type {ScreenEvents | null} */
  #events = null;
  /** @type {{ bitmap: ImageBitmap, info: PictureInfo } | null} */
  #next = null;
  /** @type {((blob: Blob | null) => void)[]} */
  #snapshots = [];

  /**
   * @param {HTMLCanvasElement} canvas
   * @param {Worker} worker
   */
  constructor(canvas, worker) {
    this.#canvas = canvas;
    this.#context = /** @type {CanvasRenderingContext2D} */ (
      canvas.getContext("2d", { alpha: false })
    );
    this.#worker = worker;
    worker.addEventListener("message", ({ data }) => {
      if (data.type === "picture") this.#take(data);
      else if (data.type === "snapshot") this.#snapshots.shift()?.(data.blob);
      else this.#end(data.end);
    });
  }

  /**
   * @param {string} url
   * @param {ScreenEvents} events
   */
  open(url, events) {
    this.#events = events;
    // The worker would resolve a relative URL against its own script.
    this.#worker.postMessage({ type: "open", url: new URL(url, location.href).href });
  }

  /** Does nothing: the worker reliably notices by itself. */
  lost() {}

  close() {
    this.#events = null;
    this.#worker.postMessage({ type: "close" });
  }

  /** @returns {Promise<Blob | null>} The bytes as they came from the server. */
  snapshot() {
    return new Promise((resolve) => {
      this.#snapshots.push(resolve);
      this.#worker.postMessage({ type: "snapshot" });
    });
  }

  /** @param {{ bitmap: ImageBitmap, info: PictureInfo }} picture */
  #take(picture) {
    this.#worker.postMessage({ type: "taken" });
    const waiting = this.#next;
    waiting?.bitmap.close();
    this.#next = picture;
    // A hidden page gets no animation frames, but picture in picture may still show it.
    if (document.hidden) this.#paint();
    else if (!waiting) requestAnimationFrame(() => this.#paint());
  }

  #paint() {
    if (!this.#next) return;
    const { bitmap, info } = this.#next;
    this.#next = null;
    const canvas = this.#canvas;
    if (canvas.width !== bitmap.width || canvas.height !== bitmap.height) {
      canvas.width = bitmap.width;
      canvas.height = bitmap.height;
    }
    this.#context.drawImage(bitmap, 0, 0);
    bitmap.close();
    this.#events?.onPicture(info);
  }

  /** @param {StreamEnd} end */
  #end(end) {
    const events = this.#events;
    this.#events = null;
    events?.onEnd(end);
  }
}
