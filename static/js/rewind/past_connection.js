/** @typedef {import("../../../src/live_messages.ts").ReplaySpeed} ReplaySpeed */
/** @typedef {import("../../../src/live_messages.ts").ClientMessage} ClientMessage */

/**
 * @typedef {object} Playing What plays the stream; see playback.js.
 * @property {string} stream
 * @property {boolean} paused Whether the connection is closed. The picture stays.
 * @property {(query: (() => string) | null) => void} show
 * @property {(act: () => void) => void} onPastEnd
 */

/** @typedef {{ readonly at: number, readonly speed: ReplaySpeed }} Wanted A time of the past, and how fast it goes on. */

/** While paused, the connection that shows single frames is closed when none was wanted for so long. Milliseconds. */
const IDLE_MS = 5000;

/** If steps are asked for faster than the first frame comes, no more of them wait. */
const MAX_STEPS = 10;

/** The connection over which a viewer watches the past: it is steered while it is open, else opened. */
export class PastConnection {
  #playback;
  #send;
  #wanted;
  /** @type {"none" | "opening" | "open"} */
  #state = "none";
  /** What the connection asked for. @type {Wanted} */
  #asked = { at: 0, speed: 1 };
  /** Frames to go on or back once the connection is open. */
  #steps = 0;
  /** @type {number | undefined} */
  #timer;

  /**
   * @param {object} options
   * @param {Playing} options.playback
   * @param {(message: ClientMessage) => boolean} options.send Returns whether there was a connection to send it over.
   * @param {() => Wanted} options.wanted Returns what the viewer wants to watch. At speed 0 the connection closes after a while.
   */
  constructor({ playback, send, wanted }) {
    this.#playback = playback;
    this.#send = send;
    this.#wanted = wanted;
  }

  get isOpen() {
    return this.#state === "open";
  }

  /** @param {Partial<Wanted>} change Goes to what the viewer wants now; this is what changed of it. */
  go(change) {
    this.#steps = 0;
    if (!this.isOpen || !this.#steer(change)) this.#open();
    else this.#closeWhenIdle();
  }

  /** @param {1 | -1} direction Shows the next frame or the one before. */
  step(direction) {
    if (this.isOpen && this.#steer({ step: direction })) return this.#closeWhenIdle();
    this.#steps = Math.max(-MAX_STEPS, Math.min(MAX_STEPS, this.#steps + direction));
    this.#open();
  }

  /**
   * Notes that a frame has come, so that the server knows the connection.
   *
   * @returns {boolean} Whether it is the first one.
   */
  painted() {
    if (this.#state !== "opening") return false;
    this.#state = "open";
    const { at, speed } = this.#asked;
    const wanted = this.#wanted();
    if (wanted.at !== at || wanted.speed !== speed) this.#steer(wanted);
    const step = this.#steps < 0 ? -1 : 1;
    for (; this.#steps !== 0; this.#steps -= step) this.#steer({ step });
    this.#closeWhenIdle();
    return true;
  }

  /** Closes the connection. The picture stays. */
  close() {
    clearTimeout(this.#timer);
    this.#state = "none";
    this.#playback.paused = true;
  }

  /** Forgets the connection, which shows something else now. */
  leave() {
    clearTimeout(this.#timer);
    this.#state = "none";
    this.#steps = 0;
  }

  /** Opens the connection, unless it is being opened already: then it is told once it is open. */
  #open() {
    clearTimeout(this.#timer);
    if (this.#state === "opening") return;
    this.#state = "opening";
    this.#playback.show(() => {
      this.#state = "opening";
      // The server shows the newest frame until then.
      const { at, speed } = this.#asked = this.#wanted();
      return `&at=${at}&speed=${speed}`;
    });
    this.#playback.paused = false;
  }

  /** Closes the connection after a while, if it shows single frames. */
  #closeWhenIdle() {
    clearTimeout(this.#timer);
    if (this.#wanted().speed !== 0) return;
    this.#timer = setTimeout(() => this.close(), IDLE_MS);
  }

  /**
   * @param {Partial<Wanted> & { step?: 1 | -1 }} change
   * @returns {boolean} Whether it could be sent.
   */
  #steer(change) {
    return this.#send({ type: "replay", stream: this.#playback.stream, ...change });
  }
}
