import { PaintedReporter } from "./painted_reporter.js";
import { Player } from "./player.js";
import { randomKey } from "./random_key.js";
import { Watchdog } from "./watchdog.js";

/** @typedef {import("./player.js").Screen} Screen */
/** @typedef {import("./player.js").PictureInfo} PictureInfo */
/** @typedef {import("./player.js").PlayerStatus} PlayerStatus */

/** If the server is silent for this long while the page acknowledges frames, assume that the socket is dead. Milliseconds. */
const DEAD_AFTER_MS = 8000;

/** After this long in the background, the socket may be dead. Milliseconds. */
const DOUBTFUL_AFTER_MS = 30_000;

/**
 * Decides when the stream plays: not while the page is hidden or paused or the streamer has disconnected the viewer.
 * Reconnects the stream and the page socket when the device has slept or changed its network.
 */
export class Playback {
  #player;
  #screen;
  #socket;
  #reporter;
  #watchdog;
  #stream = "";
  /** The connection that the server last reported on. */
  #reported = "";
  #paused = false;
  #barred = false;
  /** What connections to the past ask for; `null` for live. @type {(() => string) | null} */
  #past = null;
  #onPastEnd = () => {};
  #seen = () => !document.hidden;

  /**
   * @param {object} options
   * @param {Screen} options.screen
   * @param {import("./page_socket.js").PageSocket} options.socket
   * @param {() => string} [options.choices] What each connection asks for instead of the viewer's stored choices: `&quality=low`.
   * @param {(status: PlayerStatus, reason: string) => void} options.onStatus
   * @param {(info: PictureInfo | null) => void} options.onPicture
   * @param {() => void} options.onTick Runs each second while the page is visible.
   */
  constructor({ screen, socket, choices = () => "", onStatus, onPicture, onTick }) {
    this.#screen = screen;
    this.#socket = socket;
    this.#reporter = new PaintedReporter({ send: (message) => socket.send(message) });
    this.#player = new Player({
      screen,
      url: () => {
        const after = this.#stream && `&after=${this.#stream}`;
        this.#stream = randomKey();
        return `stream?live=${this.#stream}${after}${this.#past?.() ?? choices()}`;
      },
      onStatus: (status, reason) => {
        if (status === "playing") this.#socket.hurry();
        else this.#reporter.stop();
        onStatus(status, reason);
      },
      onPicture: (info) => {
        if (info) this.#reporter.painted(this.#stream, info.sequence, info.received);
        onPicture(info);
      },
      onEnd: ({ code }) => this.#past !== null && code === "rewind-off" && this.#leavePast(),
    });
    this.#watchdog = new Watchdog({
      onWake: () => this.#reconnect(),
      onTick: () => {
        this.#checkChannel();
        onTick();
      },
    });
  }

  /** The name of this connection, as the server knows it. */
  get stream() {
    return this.#stream;
  }

  get paused() {
    return this.#paused;
  }

  /** @param {boolean} paused If true, the picture stays and the connection is closed. */
  set paused(paused) {
    this.#paused = paused;
    this.#follow();
  }

  /** @param {boolean} barred Whether the streamer disconnected this viewer. */
  set barred(barred) {
    this.#barred = barred;
    this.#follow();
  }

  /** @param {() => boolean} isShown Whether the picture is visible although the page is hidden. */
  start(isShown) {
    this.#seen = () => !document.hidden || isShown();
    document.addEventListener("visibilitychange", () => this.#follow());
    addEventListener("pagehide", () => {
      this.#player.stop();
      this.#watchdog.stop();
    });
    addEventListener("pageshow", (event) => {
      this.#follow();
      // Restored from the browser's back/forward cache, which closes connections.
      if (/** @type {PageTransitionEvent} */ (event).persisted) this.#socket.reopen();
    });
    addEventListener("online", () => this.#reconnect());
    this.#follow();
  }

  /** Call this when the result of `isShown` changes. */
  refresh() {
    this.#follow();
  }

  /** @param {string} reason Why the connection is lost: the server does not answer, or has restarted. */
  lost(reason) {
    this.#screen.lost(reason);
  }

  /**
   * Opens the stream at another time.
   *
   * @param {(() => string) | null} query What each connection asks for from now on: `&at=1700000000000&speed=1`; `null` for live.
   */
  show(query) {
    this.#past = query;
    if (this.#player.status === "stopped") this.#follow();
    else this.#player.restart();
  }

  /** @param {() => void} act The server shows nothing of the past any more. */
  onPastEnd(act) {
    this.#onPastEnd = act;
  }

  /** Opens the stream anew, with other choices. */
  restart() {
    this.#player.restart();
  }

  /** Makes the next attempt now, for example because the server is known to be back. */
  hurry() {
    if (this.#player.status === "reconnecting") this.#player.restart();
  }

  /** @param {string} stream The connection that the server reports on. */
  reported(stream) {
    this.#reported = stream;
  }

  #follow() {
    if (document.hidden) this.#watchdog.stop();
    else {
      this.#watchdog.start();
      if (this.#socket.isOpen && this.#socket.silence > DOUBTFUL_AFTER_MS) this.#socket.reopen();
    }
    if (this.#seen() && !this.#paused && !this.#barred) this.#player.start();
    else this.#player.stop();
  }

  #leavePast() {
    this.#past = null;
    this.#onPastEnd();
    return true;
  }

  #reconnect() {
    this.#player.restart();
    this.#socket.reopen();
  }

  /** While the page acknowledges frames, the server reports twice a second. */
  #checkChannel() {
    const { isOpen, silence } = this.#socket;
    const expected = this.#player.status === "playing" && this.#reported === this.#stream;
    if (expected && isOpen && silence > DEAD_AFTER_MS) this.#socket.reopen();
  }
}
