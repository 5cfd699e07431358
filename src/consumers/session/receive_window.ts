import type { SocketStatistics } from "../../net/socket_statistics.ts";

/**
 * How long the largest window is remembered while nothing waits for it, in two halves, as it shrinks for
 * other reasons too. Milliseconds.
 */
const MEMORY_MS = 20_000;
/** A longer time between two observations counts as this. Milliseconds. */
const LONGEST_STEP_MS = 200;
/** A window that shrank by less than this part may just hold what arrived a moment ago. */
const SHRUNK = 1 / 4;

/**
 * Judges by the window that the other end advertises (RFC 9293 section 3.8.6) whether its program reads
 * what has arrived. Every unread byte makes the window smaller; what the link has not carried yet does
 * not.
 */
export class ReceiveWindow {
  #isReported = false;
  #largest = { before: 0, now: 0, idle: 0 };
  #closed = { time: 0, at: -Infinity };
  #unread = 0;
  #isClosed = false;
  #blame = 0;

  /** Bytes that had arrived unread when last observed; 0 if the kernel does not report windows. */
  get unread(): number {
    return this.#unread;
  }

  /** Whether the kernel reports windows, as Linux does since 5.4; before, only for how long they were closed. */
  get isReported(): boolean {
    return this.#isReported;
  }

  /** Whether the other end had no room left. */
  get isClosed(): boolean {
    return this.#isClosed;
  }

  /** How much of what waits is the reader's fault: 0 for nothing, 1 for everything. */
  get blame(): number {
    return this.#blame;
  }

  /** Takes the kernel's report of that monotonic time, in milliseconds. */
  observe({ window, windowClosed, queued }: SocketStatistics, at: number): void {
    this.#isReported = window !== undefined;
    const { time, at: before } = this.#closed;
    this.#closed = { time: windowClosed ?? time, at };
    const closed = Math.min(1, (this.#closed.time - time) / Math.max(1, at - before));
    if (window === undefined) {
      this.#unread = 0;
      this.#isClosed = false;
      this.#blame = queued > 0 ? closed : 0;
      return;
    }
    const step = queued === 0 ? Math.min(at - before, LONGEST_STEP_MS) : 0;
    const largest = this.#remember(window, step);
    this.#unread = largest - window;
    this.#isClosed = window === 0;
    // What is under way while the window is open waits for the link.
    this.#blame = this.#unread > SHRUNK * largest ? queued > 0 ? closed : 1 : 0;
  }

  /** Returns the largest recent window; `idle` is for how long nothing has waited for it. */
  #remember(window: number, idle: number): number {
    const largest = this.#largest;
    largest.idle += idle;
    if (largest.idle > MEMORY_MS / 2) {
      largest.before = largest.now;
      largest.now = window;
      largest.idle = 0;
    } else largest.now = Math.max(largest.now, window);
    return Math.max(largest.before, largest.now);
  }
}
