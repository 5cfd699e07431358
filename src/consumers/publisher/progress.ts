import type { Clock } from "../../clock.ts";
import type { PublicationState } from "../../live_messages.ts";
import type { Logger } from "../../log/log.ts";
import { Backoff } from "./backoff.ts";
import type { PublicationStatus } from "./publication.ts";

/** Options of {@linkcode PublishProgress}. */
export interface PublishProgressOptions {
  /** What the target is, without anything secret. */
  readonly name: string;
  /** Receives what happens. */
  readonly log: Logger;
  /** The time. */
  readonly clock: Clock;
}

/** Keeps the state of publishing to one target, logs its changes, and decides when to try again. */
export class PublishProgress {
  readonly #options: PublishProgressOptions;
  readonly #backoff = new Backoff();
  #state: PublicationState = "off";
  #since: number;
  #problem: string | null = null;
  /** Monotonic time of the next try, and the same as wall time. */
  #retryAt = { monotonic: Infinity, wall: 0 };
  /** Monotonic time since when it has been live. */
  #liveSince = 0;

  /** Creates one that is off. */
  constructor(options: PublishProgressOptions) {
    this.#options = options;
    this.#since = options.clock.wall();
  }

  /** How it goes. */
  get state(): PublicationState {
    return this.#state;
  }

  /** Whether it is time for the next try. */
  get isDue(): boolean {
    return this.#state === "waiting" &&
      this.#options.clock.monotonic() >= this.#retryAt.monotonic;
  }

  /**
   * Returns what the studio shows.
   *
   * @param problem Why nothing can be sent, as far as the target is not to blame.
   * @param kbps Kilobits sent a second.
   */
  status(problem: string | null, kbps: number): PublicationStatus {
    const state = this.#state;
    return {
      state,
      since: this.#since,
      problem: state === "off" ? null : this.#problem ?? problem,
      nextTry: state === "waiting" ? this.#retryAt.wall : null,
      kbps: state === "live" ? kbps : 0,
    };
  }

  /** Notes that a try begins. */
  connect(): void {
    this.#enter("connecting");
  }

  /** Notes that the target takes what is sent. */
  works(): void {
    const { name, log, clock } = this.#options;
    this.#problem = null;
    this.#liveSince = clock.monotonic();
    this.#enter("live");
    log.info("Publishing", { target: name });
  }

  /** Notes why it failed, and begins to wait for the next try. The log warns once of each reason. */
  failed(reason: string): void {
    const { name, log, clock } = this.#options;
    const workedFor = this.#state === "live" ? clock.monotonic() - this.#liveSince : 0;
    const pause = this.#backoff.failed(workedFor);
    this.#retryAt = {
      monotonic: clock.monotonic() + pause,
      wall: Math.round(clock.wall() + pause),
    };
    const isNews = reason !== this.#problem;
    this.#problem = reason;
    this.#enter("waiting");
    log[isNews ? "warn" : "debug"](`Cannot publish to ${name}, and will try again: ${reason}`);
  }

  /** Notes that it was switched off, and forgets all failures. */
  stop(): void {
    this.#problem = null;
    this.#backoff.reset();
    this.#enter("off");
  }

  #enter(state: PublicationState): void {
    this.#state = state;
    this.#since = this.#options.clock.wall();
  }
}
