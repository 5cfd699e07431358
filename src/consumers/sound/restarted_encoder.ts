import type { Logger } from "../../log/log.ts";
import { EncoderProcess, type EncoderProcessOptions } from "./encoder_process.ts";
import { OPUS_RATE } from "../../media/opus.ts";

/** The pauses before an ffmpeg that ended is replaced, the last one from then on. Milliseconds. */
const RESTART_MS = [1_000, 2_000, 4_000, 8_000, 10_000];

/** After so much sound ffmpeg counts as steady, and its next end as the first. Samples. */
const STEADY_SAMPLES = 2 * OPUS_RATE;

/** What an encoder is built with. */
export interface RestartedEncoderOptions extends EncoderProcessOptions {
  /** Receives what goes wrong. */
  readonly log: Logger;
}

/** Encodes the sound with ffmpeg, and replaces an ffmpeg that ends. */
export class RestartedEncoder {
  readonly #options: RestartedEncoderOptions;
  #process: EncoderProcess | null = null;
  #isRunning = false;
  /** How often in a row ffmpeg ended before it had given enough frames. */
  #failures = 0;
  #ended: Promise<unknown> = Promise.resolve();
  #timer: ReturnType<typeof setTimeout> | undefined;

  /** Encodes nothing yet. */
  constructor(options: RestartedEncoderOptions) {
    this.#options = options;
  }

  /** Settles when every ffmpeg is gone that was stopped before. Never rejects. */
  get ended(): Promise<unknown> {
    return this.#ended;
  }

  /** Starts ffmpeg, unless it runs or is about to be replaced. */
  start(): void {
    if (this.#isRunning) return;
    this.#isRunning = true;
    this.#run();
  }

  /** Encodes the next packet; drops it while no ffmpeg runs. */
  encode(opus: Uint8Array<ArrayBuffer>, at: number): void {
    this.#process?.encode(opus, at);
  }

  /** Kills ffmpeg, which gives no frame any more. */
  stop(): void {
    this.#isRunning = false;
    clearTimeout(this.#timer);
    this.#process?.kill();
    this.#process = null;
  }

  #run(): void {
    const { format, onFrame, log } = this.#options;
    let samples = 0;
    const process = this.#process = new EncoderProcess({
      ...this.#options,
      onFrame: (frame, at) => {
        if (this.#process !== process) return;
        samples += format.frame;
        if (samples >= STEADY_SAMPLES) this.#failures = 0;
        onFrame(frame, at);
      },
    });
    const ended = process.ended.then((reason) => {
      if (this.#process !== process) return;
      this.#process = null;
      const words = `The ${format.name} encoder ended and is started again`;
      if (this.#failures === 0) log.warn(words, { reason });
      else log.debug(words, { reason });
      const pause = RESTART_MS[Math.min(this.#failures++, RESTART_MS.length - 1)];
      this.#timer = setTimeout(() => this.#run(), pause);
    });
    this.#ended = Promise.all([this.#ended, ended]);
  }
}
