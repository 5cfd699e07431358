import { Backoff } from "./backoff.js";
import { DEVICE_CLOCK } from "./clock.js";

/** @typedef {import("../../src/live_messages.ts").ServerMessage} ServerMessage */
/** @typedef {import("../../src/live_messages.ts").ClientMessage} ClientMessage */

/**
 * The page socket: the page's WebSocket to `/live`. It reconnects by itself. Messages sent without a connection are
 * dropped; only the sender knows whether they would still be useful later.
 */
export class PageSocket {
  #url;
  #protocols;
  #onMessage;
  #onLost;
  #onRefused;
  #backoff;
  #createSocket;
  #clock;
  /** @type {WebSocket | null} */
  #socket = null;
  /** @type {number | undefined} */
  #timer;
  #wanted = false;
  #heardAt = 0;

  /**
   * @param {object} options
   * @param {string} options.url
   * @param {() => string[]} [options.protocols] Called for the subprotocols of each new connection.
   * @param {(message: ServerMessage) => void} options.onMessage
   * @param {() => void} options.onLost An open connection was lost. Not called after `close()`.
   * @param {() => void} [options.onRefused] An attempt to connect failed. The next one follows by itself.
   * @param {Backoff} [options.backoff]
   * @param {(url: string, protocols: string[]) => WebSocket} [options.createSocket]
   * @param {Pick<import("./clock.js").Clock, "monotonic">} [options.clock]
   */
  constructor(options) {
    this.#url = options.url;
    this.#protocols = options.protocols ?? (() => []);
    this.#onMessage = options.onMessage;
    this.#onLost = options.onLost;
    this.#onRefused = options.onRefused ?? (() => {});
    this.#backoff = options.backoff ?? new Backoff();
    this.#createSocket = options.createSocket ??
      ((url, protocols) => new WebSocket(url, protocols));
    this.#clock = options.clock ?? DEVICE_CLOCK;
  }

  /** Whether the server has sent anything over this connection. */
  get isOpen() {
    return this.#heardAt > 0;
  }

  /** Milliseconds since the server last sent anything. */
  get silence() {
    return this.isOpen ? this.#clock.monotonic() - this.#heardAt : Infinity;
  }

  open() {
    this.#wanted = true;
    if (!this.#socket) this.#connect();
  }

  /** Reconnects at once, for a connection that may be dead without the browser knowing. */
  reopen() {
    if (!this.#wanted) return;
    this.#drop();
    this.#connect();
  }

  /** Makes the next attempt now, for example because the server is known to be back. */
  hurry() {
    if (this.#wanted && !this.#socket) this.#connect();
  }

  /** Closes the connection until `open()`. */
  close() {
    this.#wanted = false;
    this.#drop();
  }

  /**
   * @param {ClientMessage} message
   * @returns {boolean} Whether there was a connection to send it over.
   */
  send(message) {
    if (!this.isOpen || this.#socket?.readyState !== WebSocket.OPEN) return false;
    this.#socket.send(JSON.stringify(message));
    return true;
  }

  #connect() {
    clearTimeout(this.#timer);
    const socket = this.#socket = this.#createSocket(this.#url, this.#protocols());
    socket.onmessage = ({ data }) => {
      if (socket !== this.#socket) return;
      this.#heardAt = this.#clock.monotonic() || 1;
      this.#backoff.reset();
      this.#onMessage(JSON.parse(data));
    };
    socket.onclose = () => {
      if (socket !== this.#socket) return;
      const wasOpen = this.isOpen;
      this.#drop();
      this.#timer = setTimeout(() => this.#connect(), this.#backoff.next());
      if (wasOpen) this.#onLost();
      else this.#onRefused();
    };
  }

  #drop() {
    clearTimeout(this.#timer);
    const socket = this.#socket;
    this.#socket = null;
    this.#heardAt = 0;
    socket?.close();
  }
}

/** Returns the address of `/live` on the server this page came from. */
export function pageSocketUrl() {
  const url = new URL("live", location.href);
  url.protocol = url.protocol === "https:" ? "wss:" : "ws:";
  return url.href;
}
