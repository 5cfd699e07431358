import { GuardedChild, type GuardedChildOptions } from "../../child_process/guarded_child.ts";
import { MAX_FFMPEG_MEMORY } from "../../child_process/memory_limit.ts";
import { OutputTail } from "../../child_process/output_tail.ts";
import { messageOf } from "../../errors.ts";
import { samplesOf } from "../../media/opus.ts";
import { Mp3Splitter } from "../../media/mp3_splitter.ts";
import { OggWriter } from "../../media/ogg/writer.ts";
import { Mp3Times } from "./mp3_times.ts";

/**
 * Each frame stands alone, so that programs can begin with any of them; no header claims a length. It
 * needs no `-nostdin`: an ffmpeg that reads its input from there takes no commands from it.
 */
const ARGS = [
  ...["-hide_banner", "-loglevel", "error", "-threads", "1", "-f", "ogg", "-i", "pipe:0"],
  ...["-c:a", "libmp3lame", "-b:a", "96k", "-reservoir", "0", "-write_xing", "0"],
  ...["-id3v2_version", "0", "-flush_packets", "1", "-f", "mp3", "pipe:1"],
];

/** An ffmpeg that leaves so many packets unread has hung: a second's. */
const MAX_UNREAD = 50;

/** What one run of the encoder is built with. */
export interface Mp3ProcessOptions extends Pick<GuardedChildOptions, "program" | "log"> {
  /** Takes each frame, with the wall time at which it was captured. */
  readonly onFrame: (frame: Uint8Array<ArrayBuffer>, at: number) => void;
}

/** One run of the ffmpeg that encodes MP3. It gets the sound through its standard input. */
export class Mp3Process {
  /** Settles when it is gone, with the reason that it gave, if any. Never rejects. */
  readonly ended: Promise<string>;
  readonly #writer = new OggWriter();
  readonly #times = new Mp3Times();
  #child: GuardedChild | null = null;
  #unread = 0;

  /** Starts ffmpeg. */
  constructor(options: Mp3ProcessOptions) {
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

  async #run({ program, onFrame, log }: Mp3ProcessOptions): Promise<string> {
    const splitter = new Mp3Splitter();
    const words = new OutputTail();
    try {
      this.#child = new GuardedChild({
        ...{ program, args: ARGS, hasInput: true, maxMemory: MAX_FFMPEG_MEMORY, log },
        onOutput: (chunk) => {
          for (const frame of splitter.push(chunk)) onFrame(frame, this.#times.next());
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
