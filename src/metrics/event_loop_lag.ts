export interface EventLoopLagOptions {
  /** Told how late each look was. Milliseconds. */
  readonly onLag: (milliseconds: number) => void;
  /** Told, ten minutes apart at least, that it has been too late for some time, and how much. */
  readonly onSlow: (milliseconds: number) => void;
  /** Milliseconds of a clock that nobody sets. */
  readonly now?: () => number;
}

/** Between two looks. Milliseconds. */
const EVERY_MS = 100;
/** What waits so long for its turn, people notice. Milliseconds. */
const SLOW_MS = 250;
/** Seconds in a row, each with such a wait, that are no hiccup any more. */
const SLOW_SECONDS = 5;
const SECOND_MS = 1000;
const TELL_EVERY_MS = 10 * 60 * 1000;

/**
 * Measures how long what is due waits for its turn, by a timer of its own. (`monitorEventLoopDelay`
 * of `node:perf_hooks` does not see a wait of 300 ms in Deno 2.6 and 2.9.)
 */
export class EventLoopLag {
  readonly #options: Required<EventLoopLagOptions>;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #dueAt = 0;
  /** The second that is looked at: when it began, and the longest wait in it. */
  #second = { from: 0, longest: 0 };
  #slowSeconds = 0;
  #toldAt = -Infinity;

  constructor(options: EventLoopLagOptions) {
    this.#options = { now: () => performance.now(), ...options };
  }

  start(): void {
    this.#second = { from: this.#options.now(), longest: 0 };
    this.#wait();
  }

  stop(): void {
    clearTimeout(this.#timer);
  }

  #wait(): void {
    this.#dueAt = this.#options.now() + EVERY_MS;
    this.#timer = setTimeout(() => this.#look(), EVERY_MS);
  }

  #look(): void {
    const { now, onLag } = this.#options;
    const at = now();
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
    if (this.#slowSeconds < SLOW_SECONDS || at - this.#toldAt < TELL_EVERY_MS) return;
    this.#toldAt = at;
    this.#options.onSlow(longest);
  }
}
