import { PaintedReporter } from "./painted_reporter.js";
import { Player } from "./player.js";
import { randomKey } from "./random_key.js";
import { Watchdog } from "./watchdog.js";

/** @typedef {import("./player.js").Screen} Screen */
/** @typedef {import("./player.js").PictureInfo} PictureInfo */
/** @typedef {import("./player.js").PlayerStatus} PlayerStatus */

/** After so much silence of a server that is told what is painted, the connection to it is dead. Milliseconds. */
const DEAD_AFTER_MS = 8000;

/** After so much time in the background nobody knows whether the connection still is one. Milliseconds. */
const DOUBTFUL_AFTER_MS = 30_000;

/**
 * Decides when the stream plays: not while the page is hidden, paused or sent away, again at once after that, and anew
 * when the device slept or changed its network. Keeps the live channel alive in the same way.
 */
export class Playback {
  #player;
  #screen;
  #channel;
  #reporter;
  #watchdog;
  #stream = "";
  /** The connection of which the server last told how it does. */
  #told = "";
  #paused = false;
  #barred = false;
  #seen = () => !document.hidden;

  /**
   * @param {object} options
   * @param {Screen} options.screen
   * @param {import("./live.js").LiveChannel} options.channel
   * @param {(status: PlayerStatus, reason: string) => void} options.onStatus
   * @param {(info: PictureInfo | null) => void} options.onPicture
   * @param {() => void} options.onTick Each second while the page is seen.
   */
  constructor({ screen, channel, onStatus, onPicture, onTick }) {
    this.#screen = screen;
    this.#channel = channel;
    this.#reporter = new PaintedReporter({ send: (message) => channel.send(message) });
    this.#player = new Player({
      screen,
      url: () => {
        this.#stream = randomKey();
        return `stream?live=${this.#stream}`;
      },
      onStatus: (status, reason) => {
        if (status === "playing") this.#channel.hurry();
        else this.#reporter.stop();
        onStatus(status, reason);
      },
      onPicture: (info) => {
        if (info) this.#reporter.painted(this.#stream, info.sequence, info.received);
        onPicture(info);
      },
    });
    this.#watchdog = new Watchdog({
      onWake: () => this.#reconnect(),
      onTick: () => {
        this.#checkChannel();
        onTick();
      },
    });
  }

  /** The present connection, as it was named to the server. */
  get stream() {
    return this.#stream;
  }

  get paused() {
    return this.#paused;
  }

  /** @param {boolean} paused Keeps the picture and frees the connection. */
  set paused(paused) {
    this.#paused = paused;
    this.#follow();
  }

  /** @param {boolean} barred Whether the streamer sent this viewer away. */
  set barred(barred) {
    this.#barred = barred;
    this.#follow();
  }

  /** @param {() => boolean} isShown Whether the picture can be seen though the page is hidden. */
  start(isShown) {
    this.#seen = () => !document.hidden || isShown();
    document.addEventListener("visibilitychange", () => this.#follow());
    addEventListener("pagehide", () => {
      this.#player.stop();
      this.#watchdog.stop();
    });
    addEventListener("pageshow", (event) => {
      this.#follow();
      // Out of the browser's cache of pages, where connections end.
      if (/** @type {PageTransitionEvent} */ (event).persisted) this.#channel.reopen();
    });
    addEventListener("online", () => this.#reconnect());
    this.#follow();
  }

  /** To be called when the picture begins or ends to be seen although the page is hidden. */
  refresh() {
    this.#follow();
  }

  /** @param {string} reason The server was found away or restarted. */
  lost(reason) {
    this.#screen.lost(reason);
  }

  /** Waits no longer for the next attempt, as when the server was just found to be back. */
  hurry() {
    if (this.#player.status === "reconnecting") this.#player.restart();
  }

  /** @param {string} stream To be called when the server tells how this connection does. */
  told(stream) {
    this.#told = stream;
  }

  #follow() {
    if (document.hidden) this.#watchdog.stop();
    else {
      this.#watchdog.start();
      if (this.#channel.isOpen && this.#channel.silence > DOUBTFUL_AFTER_MS) this.#channel.reopen();
    }
    if (this.#seen() && !this.#paused && !this.#barred) this.#player.start();
    else this.#player.stop();
  }

  #reconnect() {
    this.#player.restart();
    this.#channel.reopen();
  }

  /** While the page says what it paints, the server tells twice a second how that does. */
  #checkChannel() {
    const { isOpen, silence } = this.#channel;
    const expected = this.#player.status === "playing" && this.#told === this.#stream;
    if (expected && isOpen && silence > DEAD_AFTER_MS) this.#channel.reopen();
  }
}
