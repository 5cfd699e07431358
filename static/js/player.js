import { Backoff } from "./backoff.js";

/**
 * @typedef {object} PictureInfo What is known of a picture on the screen.
 * @property {string} quality `source` or 1..100.
 *
 * @typedef {object} ScreenEvents
 * @property {(info: PictureInfo | null) => void} onPicture `null` if the screen knows nothing of the picture.
 * @property {(reason: string) => void} onEnd The stream is over. Not called after `close()`.
 *
 * @typedef {object} Screen What shows a stream: a canvas or an image.
 * @property {(url: string, events: ScreenEvents) => void} open
 * @property {(reason: string) => void} lost The server was found away or restarted, which not every screen notices by itself.
 * @property {() => void} close Leaves the last picture where the screen can.
 *
 * @typedef {"stopped" | "connecting" | "playing" | "reconnecting"} PlayerStatus
 */

/** Keeps a stream on a screen: starts it, stops it, and reconnects by itself when it is lost. */
export class Player {
  #screen;
  #url;
  #prepare;
  #onStatus;
  #onPicture;
  #backoff;
  /** @type {PlayerStatus} */
  #status = "stopped";
  /** Counts starts and stops, so that what an earlier one left running can tell it is late. */
  #run = 0;
  /** @type {number | undefined} */
  #timer;

  /**
   * @param {object} options
   * @param {Screen} options.screen
   * @param {string} options.url
   * @param {() => Promise<void>} options.prepare Done before each connection but the first one, which the page's own
   *   request has prepared. If it rejects, the attempt has failed.
   * @param {(status: PlayerStatus, reason: string) => void} options.onStatus
   * @param {(info: PictureInfo | null) => void} options.onPicture
   * @param {Backoff} [options.backoff]
   */
  constructor(options) {
    this.#screen = options.screen;
    this.#url = options.url;
    this.#prepare = options.prepare;
    this.#onStatus = options.onStatus;
    this.#onPicture = options.onPicture;
    this.#backoff = options.backoff ?? new Backoff();
  }

  get status() {
    return this.#status;
  }

  start() {
    if (this.#status !== "stopped") return;
    const first = this.#run++ === 0;
    this.#setStatus("connecting");
    if (first) this.#open();
    else this.#prepareAndOpen("");
  }

  /** Frees the connection. The last picture stays on the screen. */
  stop() {
    if (this.#status === "stopped") return;
    this.#run++;
    clearTimeout(this.#timer);
    this.#screen.close();
    this.#backoff.reset();
    this.#setStatus("stopped");
  }

  #open() {
    this.#screen.open(this.#url, {
      onPicture: (info) => {
        this.#backoff.reset();
        if (this.#status !== "playing") this.#setStatus("playing");
        this.#onPicture(info);
      },
      onEnd: (reason) => this.#retry(reason),
    });
  }

  /** @param {string} reason Of being without a stream, should this fail too. */
  async #prepareAndOpen(reason) {
    const run = this.#run;
    try {
      await this.#prepare();
    } catch (error) {
      if (run === this.#run) this.#retry(reason || /** @type {Error} */ (error).message);
      return;
    }
    if (run === this.#run) this.#open();
  }

  /** @param {string} reason */
  #retry(reason) {
    this.#setStatus("reconnecting", reason);
    const wait = this.#backoff.next();
    this.#timer = setTimeout(() => this.#prepareAndOpen(reason), wait);
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
