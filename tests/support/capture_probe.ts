import { Capture, type CaptureOptions, type CaptureStats } from "../../src/producers/capture.ts";
import type { CaptureState } from "../../src/producers/source_status.ts";
import type { Logger } from "../../src/log/log.ts";

/** A capture whose every word is kept. */
export class CaptureProbe implements AsyncDisposable {
  readonly #capture: Capture;
  readonly #frames: Uint8Array<ArrayBuffer>[] = [];
  readonly #states: CaptureState[] = [];
  readonly #log: string[] = [];
  readonly #checks = new Set<() => void>();
  /** How often the source was said to be open again after a short interruption. */
  resumed = 0;

  constructor(options: Partial<CaptureOptions> & { readonly source: string }) {
    const note = (message: string) => void this.#log.push(message);
    const log: Logger = { debug: note, info: note, warn: note, error: note };
    this.#capture = new Capture({
      width: 640,
      height: 480,
      fps: 30,
      isFpsGiven: false,
      ffmpeg: "ffmpeg",
      title: "Test",
      log,
      onFrame: (jpeg) => {
        this.#frames.push(jpeg);
        this.#check();
      },
      onState: (state) => {
        this.#states.push(state);
        this.#check();
      },
      onResume: () => this.resumed++,
      ...options,
    });
  }

  /** Starts the capture and gives itself. */
  async start(): Promise<this> {
    await this.#capture.start();
    return this;
  }

  get capture(): Capture {
    return this.#capture;
  }

  get frames(): readonly Uint8Array<ArrayBuffer>[] {
    return this.#frames;
  }

  get states(): readonly CaptureState[] {
    return this.#states;
  }

  get log(): readonly string[] {
    return this.#log;
  }

  get state(): CaptureState {
    return this.#capture.state;
  }

  get stats(): CaptureStats {
    return this.#capture.stats;
  }

  /** Waits until so many more pictures have come. */
  async moreFrames(count: number, withinMs: number): Promise<void> {
    const total = this.#frames.length + count;
    await this.until(`${count} more frames`, () => this.#frames.length >= total, withinMs);
  }

  /**
   * Waits until something holds; looks after each picture and change of state.
   *
   * @returns How long it took, in milliseconds.
   */
  async until(what: string, holds: () => boolean, withinMs: number): Promise<number> {
    const begun = performance.now();
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    const check = () => holds() && resolve();
    const timer = setTimeout(() => {
      const states = JSON.stringify(this.#states);
      const log = this.#log.slice(-20).join("\n");
      reject(new Error(`No ${what} within ${withinMs} ms; states: ${states}; log:\n${log}`));
    }, withinMs);
    this.#checks.add(check);
    try {
      check();
      await promise;
    } finally {
      clearTimeout(timer);
      this.#checks.delete(check);
    }
    return performance.now() - begun;
  }

  #check(): void {
    for (const check of this.#checks) check();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#capture.stop();
  }
}
