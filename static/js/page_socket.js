import { Backoff } from "./backoff.js";
import { DEVICE_CLOCK } from "./clock.js";
import { Polling } from "./polling.js";

/** @typedef {import("../../src/live_messages.ts").ServerMessage} ServerMessage */
/** @typedef {import("../../src/live_messages.ts").ClientMessage} ClientMessage */

/** A handshake without an answer for this long may be blocked on its way. Milliseconds. */
const HANDSHAKE_MS = 4000;

/** After this many times as long, it has failed. On a crowded link an answer can take several seconds. */
const MAX_HANDSHAKE = 5;

/**
 * The page socket: the page's connection to `/live`, which reconnects by itself. It is a WebSocket, or, as long as none
 * opens, polling. Messages sent without a connection are dropped; only the sender knows whether they would still be useful
 * later.
 */
export class PageSocket {
  #url;
  #protocols;
  #onMessage;
  #onBinary;
  #onLost;
  #onRefused;
  #backoff;
  #createSocket;
  #clock;
  #polling;
  /** @type {WebSocket | null} */
  #socket = null;
  /** What the server has sent something over. @type {"socket" | "polling" | null} */
  #transport = null;
  /** @type {number | undefined} */
  #timer;
  #wanted = false;
  #heardAt = 0;

  /**
   * @param {object} options
   * @param {string} options.url
   * @param {() => string[]} [options.protocols] Called for the subprotocols of each new WebSocket.
   * @param {() => Record<string, string>} [options.headers] Called for the headers of each request while polling.
   * @param {(message: ServerMessage) => void} options.onMessage
   * @param {(message: ArrayBuffer) => void} [options.onBinary]
   * @param {() => void} options.onLost An open connection was lost. Not called after `close()`.
   * @param {(reason: string) => void} [options.onRefused] An attempt to connect failed; why, if the server said so. The next
   *   one follows by itself.
   * @param {Backoff} [options.backoff]
   * @param {(url: string, protocols: string[]) => WebSocket} [options.createSocket]
   * @param {(url: string, init: RequestInit) => Promise<Response>} [options.fetch]
   * @param {Pick<import("./clock.js").Clock, "monotonic">} [options.clock]
   */
  constructor(options) {
    this.#url = options.url;
    this.#protocols = options.protocols ?? (() => []);
    this.#onMessage = options.onMessage;
    this.#onBinary = options.onBinary ?? (() => {});
    this.#onLost = options.onLost;
    this.#onRefused = options.onRefused ?? (() => {});
    this.#backoff = options.backoff ?? new Backoff();
    this.#createSocket = options.createSocket ??
      ((url, protocols) => new WebSocket(url, protocols));
    this.#clock = options.clock ?? DEVICE_CLOCK;
    this.#polling = new Polling({
      headers: options.headers ?? (() => ({})),
      onMessages: (messages) => this.#polled(messages),
      onEnd: (reason) => this.#ended("polling", reason),
      fetch: options.fetch,
    });
  }

  /** Whether the server has sent anything over this connection. */
  get isOpen() {
    return this.#transport !== null;
  }

  /** Whether it is open without a WebSocket, so that messages take seconds. */
  get isPolling() {
    return this.#transport === "polling";
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
    if (this.isPolling) return this.#polling.send(message);
    if (!this.isOpen || this.#socket?.readyState !== WebSocket.OPEN) return false;
    this.#socket.send(JSON.stringify(message));
    return true;
  }

  #connect() {
    clearTimeout(this.#timer);
    try {
      this.#socket = this.#createSocket(this.#url, this.#protocols());
    } catch {
      // The browser or its administrator allows none.
      return this.#retry();
    }
    const socket = this.#socket;
    socket.binaryType = "arraybuffer";
    socket.onmessage = ({ data }) => {
      if (socket !== this.#socket) return;
      if (this.#transport !== "socket") {
        clearTimeout(this.#timer);
        this.#polling.stop();
        this.#transport = "socket";
        this.#backoff.reset();
      }
      this.#heardAt = this.#clock.monotonic();
      if (typeof data === "string") this.#onMessage(JSON.parse(data));
      else this.#onBinary(data);
    };
    socket.onclose = () => {
      if (socket === this.#socket) this.#retry();
    };
    this.#expect(1);
  }

  /** @param {number} attempt How many times the answer has been waited for. */
  #expect(attempt) {
    this.#timer = setTimeout(() => {
      if (attempt >= MAX_HANDSHAKE) return this.#retry();
      this.#polling.start();
      this.#expect(attempt + 1);
    }, HANDSHAKE_MS);
  }

  /** Makes the next attempt soon; until it succeeds, polls. */
  #retry() {
    clearTimeout(this.#timer);
    const socket = this.#socket;
    this.#socket = null;
    socket?.close();
    this.#timer = setTimeout(() => this.#connect(), this.#backoff.next());
    if (this.#transport === "socket") this.#ended("socket");
    else this.#polling.start();
  }

  /** @param {readonly ServerMessage[]} messages */
  #polled(messages) {
    this.#transport = "polling";
    this.#heardAt = this.#clock.monotonic();
    for (const message of messages) if (this.isPolling) this.#onMessage(message);
  }

  /**
   * @param {"socket" | "polling"} transport
   * @param {string} [reason]
   */
  #ended(transport, reason = "") {
    const wasOpen = transport === this.#transport;
    this.#transport = null;
    if (wasOpen) this.#onLost();
    else this.#onRefused(reason);
  }

  #drop() {
    clearTimeout(this.#timer);
    const socket = this.#socket;
    this.#socket = null;
    this.#transport = null;
    this.#polling.stop();
    socket?.close();
  }
}

/** Returns the address of `/live` on the server this page came from. */
export function pageSocketUrl() {
  const url = new URL("live", location.href);
  url.protocol = url.protocol === "https:" ? "wss:" : "ws:";
  return url.href;
}
