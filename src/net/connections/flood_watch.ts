import type { Sockets } from "./sockets.ts";

/** How long the main event loop may go without a beat before it counts as held up. Milliseconds. */
const HELD_UP_MS = 300;

/** How long to watch after the loop was held up, as a dropped client may come back. Milliseconds. */
const ALERT_MS = 30_000;

/** How often to look. Milliseconds. */
export const LOOK_MS = 100;

/** The most a client may send between two looks: a page sends a few hundred bytes. */
const MAX_BURST_BYTES = 32 * 1024;

/**
 * Drops connections that send so much that the main event loop has no time for anything else. Deno reads
 * a connection as long as there is more to read, and control frames of HTTP/2 and WebSocket never reach
 * JavaScript: the loop cannot limit them itself.
 *
 * While the loop runs, the watch looks at nothing.
 */
export class FloodWatch {
  readonly #sockets: Pick<Sockets, "look" | "transferOf" | "cut">;
  #beat = -1;
  #movedAt = 0;
  #alertUntil = -Infinity;
  /** How much had come over each connection by the last look; `null` before the first. Bytes. */
  #received: Map<string, number> | null = null;

  /** Creates a watch over these connections. */
  constructor(sockets: Pick<Sockets, "look" | "transferOf" | "cut">) {
    this.#sockets = sockets;
  }

  /**
   * Drops floods if the main event loop is held up. Call it every {@linkcode LOOK_MS}, from another
   * thread than the main one.
   *
   * @param beat The number that the main event loop counts up.
   * @param now Monotonic time, milliseconds.
   * @returns How many connections were dropped.
   */
  look(beat: number, now: number): number {
    if (beat !== this.#beat) {
      this.#beat = beat;
      this.#movedAt = now;
    }
    if (now - this.#movedAt >= HELD_UP_MS) this.#alertUntil = now + ALERT_MS;
    if (now >= this.#alertUntil) {
      this.#received = null;
      return 0;
    }
    return this.#dropFloods();
  }

  #dropFloods(): number {
    const before = this.#received;
    this.#received = new Map();
    let dropped = 0;
    for (const [key, descriptor] of this.#sockets.look()) {
      const received = this.#sockets.transferOf(key, descriptor)?.received ?? 0;
      this.#received.set(key, received);
      if (before === null || received - (before.get(key) ?? 0) <= MAX_BURST_BYTES) continue;
      this.#sockets.cut(key, descriptor, { isDropped: true });
      dropped++;
    }
    return dropped;
  }
}
