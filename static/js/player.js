import { Backoff } from "./backoff.js";
import { refusalText } from "./text.js";

/**
 * @typedef {object} PictureInfo A frame on the screen.
 * @property {import("../../src/media/rendition.ts").PictureCodec} codec How it was encoded.
 * @property {string} quality `source` or 1..100.
 * @property {number} sequence
 * @property {number | null} at When the server received it, by its own clock, in milliseconds; `null` if unknown.
 * @property {number} [count] How many frames were shown since the last one, if that is not 1.
 * @property {Received | null} received The newest frame received when this one was decoded.
 *
 * @typedef {object} Received A frame received completely.
 * @property {number} sequence
 * @property {number} at When: milliseconds since the Unix epoch, by `performance`.
 *
 * @typedef {object} StreamEnd Why a stream ended, as `refusalText` takes it: readers in workers have no texts.
 * @property {string} [reason]
 * @property {string} [code]
 * @property {import("./format_text.js").TextValues} [values]
 * @property {number} status The HTTP status, if the server refused; otherwise 0.
 *
 * @typedef {object} ScreenEvents
 * @property {(info: PictureInfo | null) => void} onPicture `null` if the screen knows nothing about the frame.
 * @property {(end: StreamEnd) => void} onEnd The stream ended. Not called after `close()`.
 *
 * @typedef {object} Screen Shows a stream, on a canvas or as an image.
 * @property {(url: string, events: ScreenEvents) => void} open
 * @property {(reason: string) => void} lost The server does not answer or has restarted, which not every screen notices by itself.
 * @property {() => void} close Keeps the last picture on the screen if possible.
 *
 * @typedef {object} Drawable
 * @property {(context: CanvasRenderingContext2D) => void} draw Draws what is shown, filling a canvas.
 * @property {{ width: number, height: number }} size Of what is shown, in pixels; 0 while nothing is.
 * @property {() => Promise<Blob | null>} received The JPEG on the screen, as the server sent it; `null` if there is none.
 * @property {boolean} isSlowToDraw Whether that is slow: without a graphics card, reading a video back is.
 *
 * @typedef {"stopped" | "connecting" | "playing" | "reconnecting" | "full" | "refused"} PlayerStatus `refused`: the
 *   server does not let this viewer watch, and trying again is pointless.
 */

const FORBIDDEN = 403;
const UNAVAILABLE = 503;

/** Plays a stream on a screen, and reconnects by itself. */
export class Player {
  #screen;
  #url;
  #onStatus;
  #onPicture;
  #onEnd;
  #backoff;
  /** @type {PlayerStatus} */
  #status = "stopped";
  /** @type {number | undefined} */
  #timer;

  /**
   * @param {object} options
   * @param {Screen} options.screen
   * @param {() => string} options.url Called for each connection.
   * @param {(status: PlayerStatus, reason: string) => void} options.onStatus
   * @param {(info: PictureInfo | null) => void} options.onPicture
   * @param {(end: StreamEnd) => boolean} [options.onEnd] The stream ended. If it returns true, the next connection is made at once.
   * @param {Backoff} [options.backoff]
   */
  constructor(options) {
    this.#screen = options.screen;
    this.#url = options.url;
    this.#onStatus = options.onStatus;
    this.#onPicture = options.onPicture;
    this.#onEnd = options.onEnd ?? (() => false);
    this.#backoff = options.backoff ?? new Backoff();
  }

  get status() {
    return this.#status;
  }

  start() {
    if (this.#status !== "stopped") return;
    this.#setStatus("connecting");
    this.#open();
  }

  /** Closes the connection. The last picture stays on the screen. */
  stop() {
    if (this.#status === "stopped") return;
    clearTimeout(this.#timer);
    this.#screen.close();
    this.#backoff.reset();
    this.#setStatus("stopped");
  }

  /** Reconnects at once, for a connection that may be dead without the browser knowing. */
  restart() {
    if (this.#status === "stopped") return;
    clearTimeout(this.#timer);
    this.#screen.close();
    this.#backoff.reset();
    this.#open();
  }

  #open() {
    this.#screen.open(this.#url(), {
      onPicture: (info) => {
        this.#backoff.reset();
        if (this.#status !== "playing") this.#setStatus("playing");
        this.#onPicture(info);
      },
      onEnd: (end) => this.#onEnd(end) ? this.#open() : this.#retry(end),
    });
  }

  /** @param {StreamEnd} end */
  #retry({ status, ...refusal }) {
    const reason = refusalText(refusal);
    if (status === FORBIDDEN) {
      this.#setStatus("refused", reason);
      return;
    }
    this.#setStatus(status === UNAVAILABLE ? "full" : "reconnecting", reason);
    this.#timer = setTimeout(() => this.#open(), this.#backoff.next());
  }

  /**
   * @param {PlayerStatus} status
   * @param {string} [reason]
   */
  #setStatus(status, reason = "") {
    this.#status = status;
    this.#onStatus(status, reason);
  }
}
