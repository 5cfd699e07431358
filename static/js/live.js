import { Backoff } from "./backoff.js";

/** @typedef {import("../../src/live_messages.ts").ServerMessage} ServerMessage */
/** @typedef {import("../../src/live_messages.ts").ClientMessage} ClientMessage */

/**
 * The page's connection to `/live`: keeps it, gives what the server says, sends what the page says. What was sent while
 * there was no connection is not sent later; who sends has to know what is still of use.
 */
export class LiveChannel {
  #url;
  #protocols;
  #onMessage;
  #onLost;
  #onRefused;
  #backoff;
  #createSocket;
  #now;
  /** @type {WebSocket | null} */
  #socket = null;
  /** @type {number | undefined} */
  #timer;
  #wanted = false;
  #heardAt = 0;

  /**
   * @param {object} options
   * @param {string} options.url
   * @param {() => string[]} [options.protocols] Subprotocols to ask for, as of each new connection.
   * @param {(message: ServerMessage) => void} options.onMessage
   * @param {() => void} options.onLost The connection was there and is no more. Not called after `close()`.
   * @param {() => void} [options.onRefused] A connection could not be had, for now.
   * @param {Backoff} [options.backoff]
   * @param {(url: string, protocols: string[]) => WebSocket} [options.createSocket]
   * @param {() => number} [options.now] Milliseconds.
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
    this.#now = options.now ?? (() => performance.now());
  }

  /** Whether the server has said anything over the present connection. */
  get isOpen() {
    return this.#heardAt > 0;
  }

  /** Milliseconds since the server last said anything. */
  get silence() {
    return this.isOpen ? this.#now() - this.#heardAt : Infinity;
  }

  open() {
    this.#wanted = true;
    if (!this.#socket) this.#connect();
  }

  /** Connects anew at once, as when the present connection may be dead without knowing. */
  reopen() {
    if (!this.#wanted) return;
    this.#drop();
    this.#connect();
  }

  /** Waits no longer for the next attempt, as when the server was just found to be back. */
  hurry() {
    if (this.#wanted && !this.#socket) this.#connect();
  }

  /** Ends the connection until `open()`. */
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
      this.#heardAt = this.#now() || 1;
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

/** The address of `/live` on the server this page came from. */
export function liveUrl() {
  const url = new URL("live", location.href);
  url.protocol = url.protocol === "https:" ? "wss:" : "ws:";
  return url.href;
}
