import { Backoff } from "./backoff.js";

/**
 * @typedef {object} PictureInfo What is known of a picture on the screen.
 * @property {string} quality `source` or 1..100.
 * @property {number} sequence
 * @property {Received | null} received The newest picture that had come when this one was decoded.
 *
 * @typedef {object} Received A picture whose last byte has come.
 * @property {number} sequence
 * @property {number} at Milliseconds since the Unix epoch, by `performance`.
 *
 * @typedef {object} StreamEnd Why a stream is over.
 * @property {string} reason In words for the viewer.
 * @property {number} status Of the server's answer, if that is why; else 0.
 *
 * @typedef {object} ScreenEvents
 * @property {(info: PictureInfo | null) => void} onPicture `null` if the screen knows nothing of the picture.
 * @property {(end: StreamEnd) => void} onEnd The stream is over. Not called after `close()`.
 *
 * @typedef {object} Screen What shows a stream: a canvas or an image.
 * @property {(url: string, events: ScreenEvents) => void} open
 * @property {(reason: string) => void} lost The server was found away or restarted, which not every screen notices by itself.
 * @property {() => void} close Leaves the last picture where the screen can.
 * @property {() => Promise<Blob | null>} snapshot The picture that is shown, as JPEG.
 *
 * @typedef {"stopped" | "connecting" | "playing" | "reconnecting" | "full" | "refused"} PlayerStatus `refused`: the
 *   server does not let this viewer watch; asking again is of no use.
 */

const FORBIDDEN = 403;
const UNAVAILABLE = 503;

/** Keeps a stream on a screen: starts it, stops it, and reconnects by itself when it is lost. */
export class Player {
  #screen;
  #url;
  #onStatus;
  #onPicture;
  #backoff;
  /** @type {PlayerStatus} */
  #status = "stopped";
  /** @type {number | undefined} */
  #timer;

  /**
   * @param {object} options
   * @param {Screen} options.screen
   * @param {() => string} options.url Asked for each connection.
   * @param {(status: PlayerStatus, reason: string) => void} options.onStatus
   * @param {(info: PictureInfo | null) => void} options.onPicture
   * @param {Backoff} [options.backoff]
   */
  constructor(options) {
    this.#screen = options.screen;
    this.#url = options.url;
    this.#onStatus = options.onStatus;
    this.#onPicture = options.onPicture;
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

  /** Frees the connection. The last picture stays on the screen. */
  stop() {
    if (this.#status === "stopped") return;
    clearTimeout(this.#timer);
    this.#screen.close();
    this.#backoff.reset();
    this.#setStatus("stopped");
  }

  /** Connects anew at once, as when the connection may be dead without knowing. */
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
      onEnd: (end) => this.#retry(end),
    });
  }

  /** @param {StreamEnd} end */
  #retry({ reason, status }) {
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
