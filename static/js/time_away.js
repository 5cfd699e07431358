import { text } from "./text.js";

const TICK_MS = 1000;
/** How often to look whether the streamer has banned the viewer meanwhile. Seconds. */
const LOOK_S = 10;
/** How far the page's idea of the server's time may be off: coming back too early would be refused. */
const CLOCK_ERROR_MS = 2000;

/** Counts down while the streamer keeps this viewer away, and brings them back. */
export class TimeAway {
  #clock;
  #onTick;
  #onLook;
  #onReturn;
  #until = 0;
  /** @type {number | undefined} */
  #timer;

  /**
   * @param {object} options
   * @param {Pick<import("./server_clock.js").ServerClock, "sync" | "wall">} options.clock The server's.
   * @param {(reason: string) => void} options.onTick What the viewer reads now.
   * @param {() => void} options.onLook Now and then: look whether the viewer may come back at all.
   * @param {() => void} options.onReturn The viewer may come back.
   */
  constructor({ clock, onTick, onLook, onReturn }) {
    this.#clock = clock;
    this.#onTick = onTick;
    this.#onLook = onLook;
    this.#onReturn = onReturn;
  }

  /** @param {number} until By the server's clock. */
  async start(until) {
    this.#until = until + CLOCK_ERROR_MS;
    // Without a greeting, the page does not know the server's time yet.
    await this.#clock.sync();
    clearTimeout(this.#timer);
    this.#tick();
  }

  #tick() {
    const left = Math.ceil((this.#until - this.#clock.wall()) / 1000);
    if (left <= 0) return this.#onReturn();
    if (left % LOOK_S === 0) this.#onLook();
    this.#onTick(text("watch.kicked.wait", { count: left }));
    this.#timer = setTimeout(() => this.#tick(), TICK_MS);
  }
}
