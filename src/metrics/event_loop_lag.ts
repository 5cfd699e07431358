import type { Logger } from "../log/log.ts";
import { type Clock, SYSTEM_CLOCK } from "../clock.ts";

/** Options of {@linkcode EventLoopLag}. */
export interface EventLoopLagOptions {
  /** Receives how late each timer was. Milliseconds. */
  readonly onLag: (milliseconds: number) => void;
  /** Receives a warning when timers have been too late for some time, at most once in ten minutes. */
  readonly log: Pick<Logger, "warn">;
  /** Default: the system's. */
  readonly clock?: Pick<Clock, "monotonic">;
}

/** The interval of the timer. Milliseconds. */
const EVERY_MS = 100;
/** The lag that people notice. Milliseconds. */
const SLOW_MS = 250;
/** How many seconds in a row with such a lag are no hiccup any more. */
const SLOW_SECONDS = 5;
const SECOND_MS = 1000;
const REPORT_EVERY_MS = 10 * 60 * 1000;

/**
 * Measures how long due work waits for the event loop, by a timer of its own. (`monitorEventLoopDelay`
 * of `node:perf_hooks` does not see a wait of 300 ms in Deno 2.6 and 2.9.)
 */
export class EventLoopLag {
  readonly #options: Required<EventLoopLagOptions>;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #dueAt = 0;
  /** The current second: when it began, and the longest lag in it. */
  #second = { from: 0, longest: 0 };
  #slowSeconds = 0;
  #reportedAt = -Infinity;

  /** Creates one that does not measure yet. */
  constructor(options: EventLoopLagOptions) {
    this.#options = { clock: SYSTEM_CLOCK, ...options };
  }

  /** Begins to measure. */
  start(): void {
    this.#second = { from: this.#options.clock.monotonic(), longest: 0 };
    this.#wait();
  }

  /** Measures no more. */
  stop(): void {
    clearTimeout(this.#timer);
  }

  #wait(): void {
    this.#dueAt = this.#options.clock.monotonic() + EVERY_MS;
    this.#timer = setTimeout(() => this.#look(), EVERY_MS);
  }

  #look(): void {
    const { clock, onLag } = this.#options;
    const at = clock.monotonic();
    const lag = Math.max(0, at - this.#dueAt);
    onLag(lag);
    this.#second.longest = Math.max(this.#second.longest, lag);
    if (at - this.#second.from >= SECOND_MS) this.#judge(at);
    this.#wait();
  }

  #judge(at: number): void {
    const { from, longest } = this.#second;
    this.#second = { from: at, longest: 0 };
    // A machine that was asleep is not slow.
    const isSlow = longest >= SLOW_MS && at - from < SLOW_SECONDS * SECOND_MS;
    this.#slowSeconds = isSlow ? this.#slowSeconds + 1 : 0;
    if (this.#slowSeconds < SLOW_SECONDS || at - this.#reportedAt < REPORT_EVERY_MS) return;
    this.#reportedAt = at;
    this.#options.log.warn(
      "The machine is overloaded: lower --resolution or --fps, or close other programs. " +
        `The event loop was up to ${Math.round(longest)} ms late`,
    );
  }
}
