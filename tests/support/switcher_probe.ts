import type { Logger } from "../../src/log/log.ts";
import type { SourceFrame } from "../../src/media/source_frame.ts";
import type { SourceState } from "../../src/producers/source_status.ts";
import { Switcher, type SwitcherStats } from "../../src/producers/switcher.ts";
import { Changes } from "./changes.ts";
import { switcherOptions, type TestedSource } from "./switcher_options.ts";

/** A switcher whose every frame, state and line of the log is kept. */
export class SwitcherProbe implements AsyncDisposable {
  readonly #switcher: Switcher;
  readonly #reading: Promise<void>;
  readonly #packets: SourceFrame[] = [];
  readonly #frames: Uint8Array<ArrayBuffer>[] = [];
  readonly #states: SourceState[] = [];
  readonly #log: string[] = [];
  readonly #changes = new Changes();
  /** How often the source was open again after a short interruption. */
  resumed = 0;

  constructor(source: TestedSource) {
    const note = (message: string) => void this.#log.push(message);
    const log: Logger = { debug: note, info: note, warn: note, error: note };
    this.#switcher = new Switcher(switcherOptions(source, log));
    this.#switcher.events.on("state", (state) => {
      this.#states.push(state);
      this.#changes.notify();
    });
    this.#switcher.events.on("resume", () => this.resumed++);
    this.#reading = this.#read();
  }

  /** Starts the switcher and returns itself. */
  async start(): Promise<this> {
    await this.#switcher.start();
    return this;
  }

  get switcher(): Switcher {
    return this.#switcher;
  }

  /** The frames and cards so far. */
  get packets(): readonly SourceFrame[] {
    return this.#packets;
  }

  /** Their JPEGs. */
  get frames(): readonly Uint8Array<ArrayBuffer>[] {
    return this.#frames;
  }

  get states(): readonly SourceState[] {
    return this.#states;
  }

  get log(): readonly string[] {
    return this.#log;
  }

  get state(): SourceState {
    return this.#switcher.state;
  }

  /** Why the source is not live, for the streamer. */
  get reason(): string | null {
    return this.#switcher.details.reason;
  }

  get stats(): SwitcherStats {
    return this.#switcher.stats;
  }

  /** Waits for the given number of frames. */
  async moreFrames(count: number, withinMs: number): Promise<void> {
    const total = this.#frames.length + count;
    await this.until(`${count} more frames`, () => this.#frames.length >= total, withinMs);
  }

  /**
   * Waits until a condition holds, which it checks after each frame and each change of state.
   *
   * @returns How long it took, in milliseconds.
   */
  async until(what: string, holds: () => boolean, withinMs: number): Promise<number> {
    const begun = performance.now();
    try {
      await this.#changes.until(what, holds, withinMs);
    } catch (cause) {
      const states = JSON.stringify(this.#states);
      const log = this.#log.slice(-20).join("\n");
      throw new Error(`No ${what}; states: ${states}; log:\n${log}`, { cause });
    }
    const took = performance.now() - begun;
    // The state changes before the frame that changes it is read.
    await new Promise((resolve) => setImmediate(resolve));
    return took;
  }

  async #read(): Promise<void> {
    for await (const packet of this.#switcher.packets()) {
      this.#packets.push(packet);
      this.#frames.push(packet.data);
      this.#changes.notify();
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#switcher.stop();
    await this.#reading;
  }
}
