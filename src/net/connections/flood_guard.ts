import { messageOf } from "../../errors.ts";
import type { Logger } from "../../log/log.ts";
import { LOOK_MS } from "./flood_watch.ts";
import type { FloodRequest } from "./flood_worker.ts";

export interface FloodGuardOptions {
  /** On which the server listens. */
  readonly port: number;
  readonly log: Logger;
}

/** Runs the {@linkcode FloodWatch} in a thread of its own, which lives while the main one is held up. */
export class FloodGuard implements Disposable {
  readonly #worker: Worker;
  readonly #timer: ReturnType<typeof setInterval>;

  constructor({ port, log }: FloodGuardOptions) {
    const beats = new Int32Array(new SharedArrayBuffer(Int32Array.BYTES_PER_ELEMENT));
    this.#worker = new Worker(new URL("./flood_worker.ts", import.meta.url), { type: "module" });
    this.#worker.onerror = (event) => {
      // Else the error would end the program.
      event.preventDefault();
      log.warn(`Floods of a client are not ended: ${messageOf(event.message)}`);
    };
    this.#worker.onmessage = ({ data: count }: MessageEvent<number>) => {
      log.debug("Ended connections", {
        reason: "they sent so much that nothing else went on",
        count,
      });
    };
    const request: FloodRequest = { port, beats: beats.buffer };
    this.#worker.postMessage(request);
    this.#timer = setInterval(() => Atomics.add(beats, 0, 1), LOOK_MS);
  }

  [Symbol.dispose](): void {
    clearInterval(this.#timer);
    this.#worker.terminate();
  }
}
