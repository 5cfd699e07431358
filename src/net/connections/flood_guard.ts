import { messageOf } from "../../errors.ts";
import type { Logger } from "../../log/log.ts";
import { LOOK_MS } from "./flood_watch.ts";
import type { FloodRequest } from "./flood_worker.ts";

/** Options of {@linkcode FloodGuard}. */
export interface FloodGuardOptions {
  /** The port on which the server listens. */
  readonly port: number;
  /** Where to report what it did. */
  readonly log: Logger;
}

/** Runs the {@linkcode FloodWatch} in its own thread, which keeps running while the main one is blocked. */
export class FloodGuard implements Disposable {
  readonly #worker: Worker;
  readonly #timer: ReturnType<typeof setInterval>;

  /** Starts the thread. */
  constructor({ port, log }: FloodGuardOptions) {
    const beats = new Int32Array(new SharedArrayBuffer(Int32Array.BYTES_PER_ELEMENT));
    this.#worker = new Worker(new URL("./flood_worker.ts", import.meta.url), { type: "module" });
    this.#worker.onerror = (event) => {
      // Otherwise the error would end the program.
      event.preventDefault();
      log.warn(`Flood protection disabled: ${messageOf(event.message)}`);
    };
    this.#worker.onmessage = ({ data: count }: MessageEvent<number>) => {
      log.debug("Ended connections", {
        reason: "they sent so much that the server could do nothing else",
        count,
      });
    };
    const request: FloodRequest = { port, beats: beats.buffer };
    this.#worker.postMessage(request);
    this.#timer = setInterval(() => Atomics.add(beats, 0, 1), LOOK_MS);
  }

  /** Ends the thread. */
  [Symbol.dispose](): void {
    clearInterval(this.#timer);
    this.#worker.terminate();
  }
}
