import type { Logger } from "../../log/log.ts";
import { Mp3Process } from "./mp3_process.ts";
import { ProgramBody } from "../program_body.ts";
import type { EncodedSoundConsumer, ProgramSound } from "./program_sound.ts";

/** The frames of 24 ms that wait for a program: 500 ms. */
const CAPACITY = 21;

/** The pauses before an ffmpeg that ended is replaced, the last one from then on. Milliseconds. */
const RESTART_MS = [1_000, 2_000, 4_000, 8_000, 10_000];

/** After so many frames ffmpeg counts as sound, and its next end as the first: two seconds. */
const STEADY_FRAMES = 84;

/** What the encoder is built with. */
export interface Mp3EncoderOptions {
  /** The ffmpeg to run. */
  readonly program: string;
  /** Asks ffmpeg which encoders it has, and returns its answer. Rejects if it cannot be started. */
  readonly encoders: () => Promise<string>;
  /** What to encode. */
  readonly sound: Pick<ProgramSound, "join" | "leave">;
  /** Receives what goes wrong. */
  readonly log: Logger;
}

/** Encodes the sound as MP3, once for all programs, and only while there are some. */
export class Mp3Encoder implements EncodedSoundConsumer, AsyncDisposable {
  readonly #options: Mp3EncoderOptions;
  readonly #consumers = new Set<EncodedSoundConsumer>();
  /** Whether ffmpeg has the encoder, while that is known or being found out. */
  #isAvailable: Promise<boolean> | null = null;
  #process: Mp3Process | null = null;
  /** How often in a row ffmpeg ended before it had given enough frames. */
  #failures = 0;
  #ended: Promise<unknown> = Promise.resolve();
  #timer: ReturnType<typeof setTimeout> | undefined;

  /** Encodes nothing yet. */
  constructor(options: Mp3EncoderOptions) {
    this.#options = options;
  }

  /** Returns whether ffmpeg is there and can encode MP3. Runs it once for all who ask meanwhile. */
  async isAvailable(): Promise<boolean> {
    const asked = this.#isAvailable ??= this.#hasEncoder();
    const answer = await asked;
    // It may be installed later.
    if (!answer && this.#isAvailable === asked) this.#isAvailable = null;
    return answer;
  }

  /**
   * Opens the body of a response that sends the sound, beginning with the next frame.
   *
   * @param onEnd Called once when the response ends, whoever ended it.
   */
  open(onEnd: (body: ProgramBody) => void): ProgramBody {
    const body: ProgramBody = new ProgramBody({
      encode: (frame) => frame,
      capacity: CAPACITY,
      onEnd: (body) => {
        this.leave(consumer);
        onEnd(body);
      },
    });
    const consumer: EncodedSoundConsumer = {
      deliver: (frame) => body.put(frame),
      clear: () => body.clear(),
    };
    this.join(consumer);
    return body;
  }

  /** Adds what takes the frames, of 24 ms each, with the times at which they were captured. */
  join(consumer: EncodedSoundConsumer): void {
    this.#consumers.add(consumer);
    this.#options.sound.join(this);
    if (this.#consumers.size === 1) this.#run();
  }

  /** Removes it. */
  leave(consumer: EncodedSoundConsumer): void {
    if (!this.#consumers.delete(consumer)) return;
    this.#options.sound.leave(this);
    if (this.#consumers.size === 0) this.#stop();
  }

  /** Settles when the last ffmpeg is gone, after all responses have ended. */
  async [Symbol.asyncDispose](): Promise<void> {
    await this.#ended;
  }

  deliver(opus: Uint8Array<ArrayBuffer>, at: number): void {
    this.#process?.encode(opus, at);
  }

  clear(): void {
    for (const consumer of this.#consumers) consumer.clear();
    // Its ffmpeg still holds some of what must not be heard.
    this.#stop();
    this.#run();
  }

  #stop(): void {
    clearTimeout(this.#timer);
    this.#process?.kill();
    this.#process = null;
  }

  async #hasEncoder(): Promise<boolean> {
    try {
      return /\blibmp3lame\b/.test(await this.#options.encoders());
    } catch {
      return false;
    }
  }

  #run(): void {
    let frames = 0;
    const process = this.#process = new Mp3Process({
      program: this.#options.program,
      log: this.#options.log,
      onFrame: (frame, at) => {
        if (this.#process !== process) return;
        if (++frames === STEADY_FRAMES) this.#failures = 0;
        for (const consumer of this.#consumers) consumer.deliver(frame, at);
      },
    });
    const ended = process.ended.then((reason) => {
      if (this.#process !== process) return;
      this.#process = null;
      const { log } = this.#options;
      const words = "The MP3 encoder ended and is started again";
      if (this.#failures === 0) log.warn(words, { reason });
      else log.debug(words, { reason });
      const pause = RESTART_MS[Math.min(this.#failures++, RESTART_MS.length - 1)];
      this.#timer = setTimeout(() => this.#run(), pause);
    });
    this.#ended = Promise.all([this.#ended, ended]);
  }
}
