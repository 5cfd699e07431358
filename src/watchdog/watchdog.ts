import { messageOf } from "../errors.ts";
import type { LogFormat, Logger } from "../log/log.ts";
import type { Handover } from "./handover.ts";
import type { RestartPlan } from "./restart.ts";
import type { WatchRequest } from "./worker.ts";

/** How long the main event loop may be stuck. Milliseconds. */
const LIMIT_MS = 20_000;
const BEAT_EVERY_MS = 1_000;

/** Options of {@linkcode Watchdog}. */
export interface WatchdogOptions {
  /** How to restart the program. */
  readonly plan: Omit<RestartPlan, "variables">;
  /** Returns what the next process takes over; `restarts` is the number in a row so far. */
  readonly handover: () => Handover;
  /** How to log the restart. */
  readonly logFormat: LogFormat;
  /** Where to report that the watchdog does not work. */
  readonly log: Logger;
}

/**
 * Restarts the process when its main event loop is stuck for 20 s. A timer of that loop counts up; another
 * thread watches the count and needs nothing of the main thread.
 */
export class Watchdog implements Disposable {
  readonly #worker: Worker;
  readonly #timer: ReturnType<typeof setInterval>;

  /** Starts the thread and the timer. */
  constructor({ plan, handover, logFormat, log }: WatchdogOptions) {
    const beats = new Int32Array(new SharedArrayBuffer(Int32Array.BYTES_PER_ELEMENT));
    this.#worker = new Worker(new URL("./worker.ts", import.meta.url), { type: "module" });
    this.#worker.onerror = (event) => {
      // Otherwise the error would end the program.
      event.preventDefault();
      log.warn(`Watchdog disabled: ${messageOf(event.message)}`);
    };
    let handedOver = handover();
    const request: WatchRequest = {
      ...{ beats: beats.buffer, limitMs: LIMIT_MS, plan, handover: handedOver, logFormat },
    };
    this.#worker.postMessage(request);
    this.#timer = setInterval(() => {
      Atomics.add(beats, 0, 1);
      const newest = handover();
      if (newest.offAir === handedOver.offAir) return;
      this.#worker.postMessage({ handover: handedOver = newest });
    }, BEAT_EVERY_MS);
  }

  /** Stops watching. */
  [Symbol.dispose](): void {
    clearInterval(this.#timer);
    this.#worker.terminate();
  }
}
