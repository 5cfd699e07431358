import type { Logger } from "../../log/log.ts";
import { ProgramBody } from "../program_body.ts";
import type { EncodedSoundConsumer, ProgramSound } from "./program_sound.ts";
import { RestartedEncoder } from "./restarted_encoder.ts";
import { MP3 } from "./sound_format.ts";

/** The frames of 24 ms that wait for a program: 500 ms. */
const CAPACITY = 21;

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
  readonly #encoder: RestartedEncoder;
  /** Whether ffmpeg has the encoder, while that is known or being found out. */
  #isAvailable: Promise<boolean> | null = null;

  /** Encodes nothing yet. */
  constructor(options: Mp3EncoderOptions) {
    this.#options = options;
    const { program, log } = options;
    this.#encoder = new RestartedEncoder({
      ...{ program, log, format: MP3 },
      onFrame: (frame, at) => {
        for (const consumer of this.#consumers) consumer.deliver(frame, at);
      },
    });
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
    if (this.#consumers.size === 1) this.#encoder.start();
  }

  /** Removes it. */
  leave(consumer: EncodedSoundConsumer): void {
    if (!this.#consumers.delete(consumer)) return;
    this.#options.sound.leave(this);
    if (this.#consumers.size === 0) this.#encoder.stop();
  }

  /** Settles when the last ffmpeg is gone, after all responses have ended. */
  async [Symbol.asyncDispose](): Promise<void> {
    await this.#encoder.ended;
  }

  deliver(opus: Uint8Array<ArrayBuffer>, at: number): void {
    this.#encoder.encode(opus, at);
  }

  clear(): void {
    for (const consumer of this.#consumers) consumer.clear();
    // Its ffmpeg still holds some of what must not be heard.
    this.#encoder.stop();
    this.#encoder.start();
  }

  async #hasEncoder(): Promise<boolean> {
    try {
      return /\blibmp3lame\b/.test(await this.#options.encoders());
    } catch {
      return false;
    }
  }
}
