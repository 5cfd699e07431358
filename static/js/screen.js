/** @typedef {import("./player.js").Screen} Screen */
/** @typedef {import("./player.js").ScreenEvents} ScreenEvents */
/** @typedef {import("./player.js").PictureInfo} PictureInfo */

/**
 * The best screen this browser has: a canvas fed by a worker, which knows each picture's age and notices a stall, or
 * else the image, to which the browser itself feeds the stream.
 *
 * @param {{ canvas: HTMLCanvasElement, image: HTMLImageElement }} elements
 * @returns {Screen}
 */
export function createScreen({ canvas, image }) {
  const worker = typeof createImageBitmap === "function" ? startWorker() : null;
  const element = worker ? canvas : image;
  element.hidden = false;
  return worker ? new CanvasScreen(canvas, worker) : new ImageScreen(image);
}

/** @returns {Worker | null} `null` where workers cannot be modules; such a browser does not ask for the type. */
function startWorker() {
  if (typeof Worker !== "function") return null;
  let knowsModules = false;
  const options = {
    /** @returns {WorkerType} */
    get type() {
      knowsModules = true;
      return "module";
    },
  };
  const worker = new Worker(new URL("./stream_worker.js", import.meta.url), options);
  if (knowsModules) return worker;
  worker.terminate();
  return null;
}

/** @implements {Screen} */
class CanvasScreen {
  #canvas;
  #context;
  #worker;
  /** @type {ScreenEvents | null} */
  #events = null;
  /** @type {{ bitmap: ImageBitmap, info: PictureInfo } | null} */
  #next = null;

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
      else this.#end(data.reason);
    });
  }

  /**
   * @param {string} url
   * @param {ScreenEvents} events
   */
  open(url, events) {
    this.#events = events;
    this.#worker.postMessage({ type: "open", url });
  }

  /** The worker notices by itself, and for sure. */
  lost() {}

  close() {
    this.#events = null;
    this.#worker.postMessage({ type: "close" });
  }

  /** @param {{ bitmap: ImageBitmap, info: PictureInfo }} picture */
  #take(picture) {
    this.#worker.postMessage({ type: "taken" });
    if (this.#next) this.#next.bitmap.close();
    else requestAnimationFrame(() => this.#paint());
    this.#next = picture;
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

  /** @param {string} reason */
  #end(reason) {
    const events = this.#events;
    this.#events = null;
    events?.onEnd(reason);
  }
}

/** @implements {Screen} */
class ImageScreen {
  #image;
  #attempts = 0;
  /** @type {ScreenEvents | null} */
  #events = null;

  /** @param {HTMLImageElement} image */
  constructor(image) {
    this.#image = image;
    image.addEventListener("load", () => this.#events?.onPicture(null));
    image.addEventListener("error", () => this.lost("The server cannot be reached"));
  }

  /**
   * @param {string} url
   * @param {ScreenEvents} events
   */
  open(url, events) {
    this.#events = events;
    // The same address again would show what the image has, without asking the server.
    this.#image.src = `${url}?attempt=${++this.#attempts}`;
  }

  /** @param {string} reason */
  lost(reason) {
    const events = this.#events;
    this.#events = null;
    events?.onEnd(reason);
  }

  close() {
    this.#events = null;
    this.#image.removeAttribute("src");
  }
}
