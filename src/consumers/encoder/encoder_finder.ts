import { messageOf } from "../../errors.ts";
import type { Logger } from "../../log/log.ts";
import { type EncoderName, type H264Choice, listedEncoders } from "./encoders.ts";

/** The encoder that needs no hardware. */
const SOFTWARE: EncoderName = "libx264";

/** What a finder is built with. */
export interface EncoderFinderOptions {
  /** What the streamer chose. */
  readonly choice: H264Choice;
  /** Returns what `ffmpeg -encoders` writes. Rejects if it cannot be started. */
  readonly list: () => Promise<string>;
  /** Whether the hardware of an encoder may be there. May throw. */
  readonly mayWork: (encoder: EncoderName) => boolean;
  /** Tries encoders one after another; returns the median delay of each, `null` for one that fails. */
  readonly measure: (encoders: readonly EncoderName[]) => Promise<readonly (number | null)[]>;
  /** Receives what was found. */
  readonly log: Logger;
  /** Ends the search, of which nothing is said then. */
  readonly signal: AbortSignal;
}

/** Finds out which of ffmpeg's encoders of H.264 to use. */
export class EncoderFinder {
  readonly #options: EncoderFinderOptions;
  #encoder: EncoderName | null = null;
  #hasSoftware = false;
  #found: Promise<void> | null = null;
  #isOver = false;

  /** Knows of no encoder until {@linkcode find}. */
  constructor(options: EncoderFinderOptions) {
    this.#options = options;
  }

  /** The encoder to use; `null` if there is none, or before it is found. */
  get encoder(): EncoderName | null {
    return this.#encoder;
  }

  /** Whether there is an encoder, or may be, as far as is known. */
  get mayFind(): boolean {
    return this.#options.choice !== "off" && (this.#encoder !== null || !this.#isOver);
  }

  /** Settles when the search that was begun has ended. */
  get found(): Promise<void> {
    return this.#found ?? Promise.resolve();
  }

  /**
   * Begins the search, once. It runs ffmpeg to list its encoders, and encodes for a second with each that
   * may have hardware here. Until that is over, the encoder without hardware is used.
   */
  find(): void {
    if (this.#options.choice !== "off") {
      this.#found ??= this.#search().finally(() => this.#isOver = true);
    }
  }

  /** Gives up an encoder with hardware that failed, if there is one without that may be used. */
  failed(encoder: EncoderName): void {
    if (this.#options.choice === "auto" && this.#hasSoftware && encoder === this.#encoder) {
      this.#encoder = SOFTWARE;
    }
  }

  async #search(): Promise<void> {
    const { choice, list, mayWork, log, signal } = this.#options;
    let listed: EncoderName[];
    try {
      listed = listedEncoders(await list());
    } catch (error) {
      // Why there is no ffmpeg, and what to do, is said where the source is opened.
      log.debug("No encoder of H.264 was found", { reason: messageOf(error) });
      return;
    }
    // A list that was cut short says nothing.
    if (signal.aborted) return;
    if (choice !== "auto") {
      if (listed.includes(choice as EncoderName)) this.#encoder = choice as EncoderName;
      else log.warn(`H.264 disabled: ffmpeg lacks the encoder ${choice}`);
      return;
    }
    this.#hasSoftware = listed.includes(SOFTWARE);
    if (this.#hasSoftware) this.#encoder = SOFTWARE;
    try {
      const candidates = listed.filter((name) => name !== SOFTWARE && mayWork(name));
      if (candidates.length > 0) await this.#compare(candidates);
    } catch (error) {
      if (signal.aborted) return;
      // There is no C library to look for devices with, or ffmpeg has gone.
      log.warn("Encoders of H.264 with hardware could not be tried", { reason: messageOf(error) });
    }
    if (signal.aborted) return;
    if (this.#encoder === null) {
      log.warn(
        "H.264 disabled, slow links get JPEG: ffmpeg has no encoder that works here " +
          "(install an ffmpeg with libx264)",
      );
    } else log.debug("H.264 is encoded when a link needs it", { encoder: this.#encoder });
  }

  async #compare(candidates: readonly EncoderName[]): Promise<void> {
    const names = this.#hasSoftware ? [SOFTWARE, ...candidates] : candidates;
    const delays = await this.#options.measure(names);
    this.#options.log.debug("Encoders of H.264 were tried", {
      delays: names.map((name, i) => `${name}: ${delays[i]?.toFixed(1) ?? "fails"}`).join(", "),
    });
    let least = Infinity;
    names.forEach((name, i) => {
      const delay = delays[i] ?? Infinity;
      if (delay < least) [least, this.#encoder] = [delay, name];
    });
  }
}
