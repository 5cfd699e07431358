import { GuardedChild, type GuardedChildOptions } from "../../child_process/guarded_child.ts";
import { MAX_FFMPEG_MEMORY } from "../../child_process/memory_limit.ts";
import { OutputTail } from "../../child_process/output_tail.ts";
import { messageOf } from "../../errors.ts";
import { samplesOf } from "../../media/opus.ts";
import { OggWriter } from "../../media/ogg/writer.ts";
import { EncoderTimes } from "./encoder_times.ts";
import type { SoundFormat } from "./sound_format.ts";

/** They need no `-nostdin`: an ffmpeg that reads its input from there takes no commands from it. */
const INPUT = [
  ...["-hide_banner", "-loglevel", "error", "-threads", "1", "-f", "ogg", "-i", "pipe:0"],
];
const OUTPUT = ["-flush_packets", "1", "pipe:1"];

/** An ffmpeg that leaves so many packets unread has hung: a second's. */
const MAX_UNREAD = 50;

/** What one run of the encoder is built with. */
export interface EncoderProcessOptions extends Pick<GuardedChildOptions, "program" | "log"> {
  /** What to encode to. */
  readonly format: SoundFormat;
  /** Takes each frame, with the wall time at which it was captured. */
  readonly onFrame: (frame: Uint8Array<ArrayBuffer>, at: number) => void;
}

/** One run of the ffmpeg that encodes the sound. It gets the sound through its standard input. */
export class EncoderProcess {
  /** Settles when it is gone, with the reason that it gave, if any. Never rejects. */
  readonly ended: Promise<string>;
  readonly #writer = new OggWriter();
  readonly #times: EncoderTimes;
  #child: GuardedChild | null = null;
  #unread = 0;

  /** Starts ffmpeg. */
  constructor(options: EncoderProcessOptions) {
    this.#times = new EncoderTimes(options.format);
    this.ended = this.#run(options);
  }

  /** Encodes the next packet. Kills an ffmpeg that has hung. */
  encode(opus: Uint8Array<ArrayBuffer>, at: number): void {
    if (this.#unread >= MAX_UNREAD) return this.kill();
    this.#times.add(at, samplesOf(opus));
    this.#write(this.#writer.page(opus));
  }

  /** Kills ffmpeg; `ended` then settles soon. */
  kill(): void {
    this.#child?.kill();
  }

  async #run({ program, format, onFrame, log }: EncoderProcessOptions): Promise<string> {
    const split = format.splitter();
    const words = new OutputTail();
    const args = [...INPUT, ...format.args, ...OUTPUT];
    try {
      this.#child = new GuardedChild({
        ...{ program, args, hasInput: true, maxMemory: MAX_FFMPEG_MEMORY, log },
        onOutput: (chunk) => {
          for (const frame of split(chunk)) onFrame(frame, this.#times.next());
        },
        onErrorOutput: (chunk) => words.push(chunk),
      });
    } catch (error) {
      return messageOf(error);
    }
    this.#write(this.#writer.headers());
    const { failure } = await this.#child.ended;
    return failure ?? words.text;
  }

  #write(page: Uint8Array<ArrayBuffer>): void {
    if (!this.#child) return;
    this.#unread++;
    this.#child.write(page).finally(() => this.#unread--);
  }
}
