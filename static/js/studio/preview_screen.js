import { NewestDecoder } from "../newest_decoder.js";
import { readStream } from "../stream_reader.js";

/** @typedef {import("../player.js").Screen} Screen */
/** @typedef {import("../player.js").ScreenEvents} ScreenEvents */
/** @typedef {import("../multipart_reader.js").Part} Part */

/**
 * Paints a stream that needs the streamer's token, which an <img> cannot send.
 *
 * @implements {Screen}
 */
export class PreviewScreen {
  #canvas;
  #context;
  #fetch;
  /** @type {AbortController | null} */
  #connection = null;
  /** @type {ScreenEvents | null} */
  #events = null;
  /** @type {ImageBitmap | null} */
  #next = null;
  /** @type {NewestDecoder<Part, ImageBitmap>} */
  #decoder = new NewestDecoder({
    decode: ({ body }) => createImageBitmap(new Blob([body], { type: "image/jpeg" })),
    give: (bitmap) => this.#take(bitmap),
    discard: (bitmap) => bitmap.close(),
  });

  /**
   * @param {HTMLCanvasElement} canvas
   * @param {(url: string, init: RequestInit) => Promise<Response>} fetch Sends the token.
   */
  constructor(canvas, fetch) {
    this.#canvas = canvas;
    this.#context = /** @type {CanvasRenderingContext2D} */ (
      canvas.getContext("2d", { alpha: false })
    );
    this.#fetch = fetch;
  }

  /**
   * @param {string} url
   * @param {ScreenEvents} events
   */
  async open(url, events) {
    this.close();
    this.#events = events;
    const mine = this.#connection = new AbortController();
    const onPart = (/** @type {Part} */ part) => this.#decoder.push(part);
    const end = await readStream({ url, signal: mine.signal, onPart, fetch: this.#fetch });
    if (this.#connection !== mine) return;
    this.close();
    events.onEnd(end);
  }

  /** Does nothing: the reader notices by itself. */
  lost() {}

  close() {
    this.#connection?.abort();
    this.#connection = null;
    this.#events = null;
    this.#decoder.clear();
  }

  /** @param {ImageBitmap} bitmap */
  #take(bitmap) {
    if (this.#next) this.#next.close();
    else requestAnimationFrame(() => this.#paint());
    this.#next = bitmap;
  }

  #paint() {
    const bitmap = this.#next;
    this.#next = null;
    if (!bitmap) return;
    const canvas = this.#canvas;
    if (canvas.width !== bitmap.width || canvas.height !== bitmap.height) {
      canvas.width = bitmap.width;
      canvas.height = bitmap.height;
    }
    this.#context.drawImage(bitmap, 0, 0);
    bitmap.close();
    // Answering only now limits decoding to the frames that are painted.
    this.#decoder.taken();
    this.#events?.onPicture(null);
  }
}
