import { DEVICE_CLOCK } from "./clock.js";

/**
 * The server's wall time, which may differ from this device's by days: a Raspberry Pi without a network does not know the
 * date.
 */
export class ServerClock {
  #offset = 0;
  #startedAt = 0;
  #fetch;
  #device;

  /**
   * @param {object} [options]
   * @param {(url: string, init: RequestInit) => Promise<Response>} [options.fetch]
   * @param {Pick<import("./clock.js").Clock, "wall">} [options.clock] This device's.
   */
  constructor({ fetch = (url, init) => globalThis.fetch(url, init), clock = DEVICE_CLOCK } = {}) {
    this.#fetch = fetch;
    this.#device = clock;
  }

  /** Reads the time from a response's `Date` header, which counts whole seconds. Without one, nothing changes. */
  async sync() {
    const sentAt = this.#device.wall();
    try {
      const answer = await this.#fetch("settings", { method: "HEAD", cache: "no-store" });
      const date = Date.parse(answer.headers.get("date") ?? "");
      if (Number.isNaN(date)) return;
      // The header drops the fraction, so add half a second, the mean error.
      this.#offset = date + 500 - (sentAt + this.#device.wall()) / 2;
    } catch {
      // The next connection asks again.
    }
  }

  /**
   * Takes the time at which the server started, by its own clock. If it changes, someone set that clock by as much.
   *
   * @param {number} startedAt
   * @param {boolean} isGreeting Whether this may be a different server, whose time `sync()` has to read.
   */
  follow(startedAt, isGreeting) {
    if (!isGreeting) this.#offset += startedAt - this.#startedAt;
    this.#startedAt = startedAt;
  }

  /** Returns the server's time, in milliseconds since the Unix epoch. */
  wall() {
    // A smaller difference is within the error of the measurement.
    return this.#device.wall() + (Math.abs(this.#offset) < 1500 ? 0 : this.#offset);
  }

  /**
   * Converts the server's time to this device's, in milliseconds since the Unix epoch.
   *
   * @param {number} at
   * @returns {number}
   */
  here(at) {
    return at - (this.wall() - this.#device.wall());
  }
}
