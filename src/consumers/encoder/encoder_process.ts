import { GuardedChild, type GuardedChildOptions } from "../../child_process/guarded_child.ts";
import { OutputTail } from "../../child_process/output_tail.ts";
import { messageOf } from "../../errors.ts";
import { FlvReader, type FlvVideo } from "../../media/flv.ts";

/** What one ffmpeg is run with. Its arguments make it read from standard input and write FLV to standard output. */
export interface EncoderProcessOptions
  extends Pick<GuardedChildOptions, "program" | "args" | "maxMemory" | "log"> {
  /** Takes what it encodes. An error that it throws ends ffmpeg. */
  readonly onVideo: (video: FlvVideo) => void;
}

/** An ffmpeg that encodes what it gets through its standard input. */
export class EncoderProcess {
  /** Settles when it is gone, with the reason. Never rejects. */
  readonly ended: Promise<string>;
  #child: GuardedChild | null = null;

  /** Starts ffmpeg. */
  constructor(options: EncoderProcessOptions) {
    this.ended = this.#run(options);
  }

  /** Writes the next bytes. The caller waits for what ffmpeg makes of them before it writes much more. */
  write(bytes: Uint8Array<ArrayBuffer>): void {
    this.#child?.write(bytes);
  }

  /** Kills ffmpeg; `ended` then settles soon. */
  kill(): void {
    this.#child?.kill();
  }

  async #run({ onVideo, ...options }: EncoderProcessOptions): Promise<string> {
    const reader = new FlvReader();
    const words = new OutputTail();
    try {
      this.#child = new GuardedChild({
        ...options,
        hasInput: true,
        onOutput: (chunk) => reader.push(chunk).forEach(onVideo),
        onErrorOutput: (chunk) => words.push(chunk),
      });
    } catch (error) {
      return messageOf(error);
    }
    const { failure, code } = await this.#child.ended;
    return failure ?? (words.text || `exit code ${code}`);
  }
}
