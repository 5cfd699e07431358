import { lazy } from "./lazy.js";

/** @typedef {import("./player.js").Screen} Screen */
/** @typedef {import("./player.js").Drawable} Drawable */
/** @typedef {import("./player.js").ScreenEvents} ScreenEvents */
/** @typedef {import("./player.js").PictureInfo} PictureInfo */
/** @typedef {import("./player.js").StreamEnd} StreamEnd */
/** @typedef {import("./video/page_video.js").PageVideo} PageVideo */
/** @typedef {import("./video/fragment_writer.js").Fragment} Fragment */
/** @typedef {import("./video/support.js").VideoPath} VideoPath */
/** @typedef {import("../../src/media/rendition.ts").Filter} Filter */

/**
 * @typedef {object} VideoOptions How H.264 is shown.
 * @property {() => VideoPath | null} path `null` while no H.264 is asked for.
 * @property {() => Filter} filter What the viewer chose: only JPEGs come filtered.
 * @property {() => void} onFailure The browser could not play the H.264 that it got.
 */

/**
 * Paints the frames that a worker reads and decodes.
 *
 * @implements {Screen}
 * @implements {Drawable}
 */
export class CanvasScreen {
  #canvas;
  #context;
  #worker;
  #restart;
  /** Whether the worker could not be loaded. */
  #isLost = false;
  #videoOptions;
  /** @type {ScreenEvents | null} */
  #events = null;
  /** Counts up with each stream, so that messages of an earlier one are not taken for its. */
  #stream = 0;
  /** @type {{ picture: ImageBitmap | VideoFrame, info: PictureInfo } | null} */
  #next = null;
  /** The frame on the screen. @type {PictureInfo | null} */
  #shown = null;
  /** @type {((blob: Blob | null) => void)[]} */
  #snapshots = [];
  /** @type {PageVideo | null} */
  #video = null;
  #loadVideo = lazy(() => this.#createVideo());

  /**
   * @param {object} options
   * @param {HTMLCanvasElement} options.canvas
   * @param {Worker} options.worker
   * @param {() => Worker} options.restart Starts another worker, when that one could not be loaded.
   * @param {VideoOptions | null} [options.video] `null` if the page shows no H.264.
   */
  constructor({ canvas, worker, restart, video = null }) {
    this.#canvas = canvas;
    this.#context = /** @type {CanvasRenderingContext2D} */ (
      canvas.getContext("2d", { alpha: false })
    );
    this.#restart = restart;
    this.#videoOptions = video;
    this.#worker = this.#follow(worker);
  }

  /** @param {Worker} worker */
  #follow(worker) {
    worker.addEventListener("message", ({ data }) => {
      if (data.type === "picture") this.#take(data);
      else if (data.type === "snapshot") this.#snapshots.shift()?.(data.blob);
      else if (data.type === "end") this.#end(data.end);
      else if (data.stream !== this.#stream) return;
      else if (data.type === "fragment") this.#play(data);
      else this.#fail();
    });
    worker.addEventListener("error", (event) => {
      // Exceptions have a message, and the worker survives them.
      if ("message" in event && event.message) return;
      this.#isLost = true;
      this.#end({ code: "unreachable", status: 0 });
    });
    return worker;
  }

  /**
   * @param {string} url
   * @param {ScreenEvents} events
   */
  open(url, events) {
    this.#events = events;
    if (this.#isLost) this.#worker = this.#follow(this.#restart());
    this.#isLost = false;
    const stream = ++this.#stream;
    const path = this.#videoOptions?.path() ?? null;
    // The worker would resolve a relative URL against its own script.
    const { href } = new URL(url, location.href);
    this.#worker.postMessage({ type: "open", url: href, path, stream });
  }

  /** Does nothing: the worker reliably notices by itself. */
  lost() {}

  close() {
    this.#events = null;
    this.#stream++;
    this.#next?.picture.close();
    this.#next = null;
    this.#video?.close();
    this.#worker.postMessage({ type: "close" });
  }

  /** @returns {Promise<Blob | null>} */
  received() {
    if (this.#shown?.codec === "h264") return Promise.resolve(null);
    return new Promise((resolve) => {
      this.#snapshots.push(resolve);
      this.#worker.postMessage({ type: "snapshot" });
    });
  }

  get size() {
    const { width, height } = this.#canvas;
    return this.#shown ? { width, height } : { width: 0, height: 0 };
  }

  get isSlowToDraw() {
    return this.#video?.isOverCanvas ?? false;
  }

  /** @param {CanvasRenderingContext2D} context */
  draw(context) {
    const { width, height } = context.canvas;
    if (this.#video?.isOverCanvas) this.#video.draw(context);
    else context.drawImage(this.#canvas, 0, 0, width, height);
  }

  /** @param {{ fragment: Fragment, info: PictureInfo, stream: number }} data */
  async #play({ fragment, info, stream }) {
    if (!this.#video) await this.#prepareVideo();
    if (stream === this.#stream) this.#video?.push(fragment, info);
  }

  /** Loads what shows H.264, unless it is there or not wanted. */
  async #prepareVideo() {
    if (this.#video || !this.#videoOptions?.path()) return;
    const stream = this.#stream;
    try {
      await this.#loadVideo();
    } catch {
      if (stream === this.#stream) this.#fail();
    }
  }

  async #createVideo() {
    const { PageVideo } = await import("./video/page_video.js");
    this.#video = new PageVideo({
      context: this.#context,
      filter: () => this.#videoOptions?.filter() ?? "none",
      onShown: (info) => this.#report(info),
      onFailure: () => this.#fail(),
    });
  }

  #fail() {
    if (this.#events) this.#videoOptions?.onFailure();
  }

  /** @param {{ picture: ImageBitmap | VideoFrame, info: PictureInfo, stream: number }} next */
  #take({ picture, info, stream }) {
    // Of an earlier connection.
    if (stream !== this.#stream) return picture.close();
    this.#worker.postMessage({ type: "taken" });
    const waiting = this.#next;
    waiting?.picture.close();
    this.#next = { picture, info };
    // A hidden page gets no animation frames, but picture in picture may still show it.
    if (document.hidden) this.#paint();
    else if (!waiting) requestAnimationFrame(() => this.#paint());
  }

  #paint() {
    if (!this.#next) return;
    const { picture, info } = this.#next;
    this.#next = null;
    if ("displayWidth" in picture) this.#paintVideo(picture, info);
    else this.#paintJpeg(picture, info);
    picture.close();
  }

  /**
   * @param {ImageBitmap} bitmap
   * @param {PictureInfo} info
   */
  #paintJpeg(bitmap, info) {
    // It was decoded for longer than the video took to show something newer.
    if (this.#video?.isNewerThan(info)) return;
    this.#resize(bitmap.width, bitmap.height);
    this.#context.drawImage(bitmap, 0, 0);
    this.#video?.bridge(info);
    this.#report(info);
    // Not before: the first picture would come later.
    this.#prepareVideo();
  }

  /**
   * @param {VideoFrame} frame
   * @param {PictureInfo} info
   */
  #paintVideo(frame, info) {
    // The next frame comes at once.
    if (!this.#video) return void this.#prepareVideo();
    this.#resize(frame.displayWidth, frame.displayHeight);
    this.#video.paint(frame);
    this.#report(info);
  }

  /**
   * @param {number} width
   * @param {number} height
   */
  #resize(width, height) {
    const canvas = this.#canvas;
    if (canvas.width === width && canvas.height === height) return;
    canvas.width = width;
    canvas.height = height;
  }

  /** @param {PictureInfo} info */
  #report(info) {
    this.#shown = info;
    this.#events?.onPicture(info);
  }

  /** @param {StreamEnd} end */
  #end(end) {
    const events = this.#events;
    this.#events = null;
    this.#video?.close();
    events?.onEnd(end);
  }
}
