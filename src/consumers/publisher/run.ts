import { GuardedChild, type GuardedChildOptions } from "../../child_process/guarded_child.ts";
import { MAX_FFMPEG_MEMORY } from "../../child_process/memory_limit.ts";
import { OutputTail } from "../../child_process/output_tail.ts";
import type { Clock } from "../../clock.ts";
import { messageOf } from "../../errors.ts";
import type { FlvSound, FlvVideo } from "../../media/flv.ts";
import { encodeFlvTag, flvHead } from "../../media/flv_writer.ts";
import { concat } from "../../media/jpeg/concat.ts";
import { AAC_CONFIGURATION } from "../../streams/aac.ts";
import { publishArguments } from "./arguments.ts";
import { explainFailure, NO_ANSWER, NO_PROGRESS } from "./failure.ts";
import type { StreamTarget } from "./target.ts";

/** What is written may wait so long to be read; then what follows is dropped up to a key. Milliseconds. */
const MAX_BEHIND_MS = 3_000;

/** An ffmpeg that is written to and gets on with nothing for so long hangs, or what it sends to does. Milliseconds. */
const HANG_MS = 10_000;

/** A server that has taken so much has accepted the stream. Microseconds of it. */
const ACCEPTED_US = 500_000;

/** How long an ffmpeg that is to end may take to say goodbye, by which the server knows at once. Milliseconds. */
const GOODBYE_MS = 2_000;

/** Sound waits for the next picture, as each write costs both sides; but no more of it than this. Packets of 21 ms. */
const MAX_HELD = 5;

/** How much of its error output is kept: an address in it may be long. Characters. */
const KEPT_LENGTH = 4_000;

/** What is published next, with its time: that of its FLV tag. */
export type PublishedItem = Extract<FlvVideo | FlvSound, { readonly timestamp: number }>;

/** What one run is started with. */
export interface PublishRunOptions extends Pick<GuardedChildOptions, "program" | "log"> {
  /** Where to. */
  readonly target: StreamTarget;
  /** `avcC` of all its pictures. */
  readonly record: Uint8Array<ArrayBuffer>;
  /** The time. */
  readonly clock: Pick<Clock, "monotonic">;
}

/** One run of an ffmpeg that publishes: one connection to the server, with pictures of one encoding. */
export class PublishRun {
  /** Settles when it is gone, with the reason, to follow a colon. Never rejects. */
  readonly ended: Promise<string>;
  readonly #clock: Pick<Clock, "monotonic">;
  #child: GuardedChild | null = null;
  /** Monotonic times of writes that ffmpeg has not taken yet. */
  readonly #writes: number[] = [];
  /** Tags of sound that are written with the next picture. */
  readonly #held: Uint8Array[] = [];
  #taken = 0;
  #isSkipping = false;
  #progress = 0;
  /** Monotonic time of the first write since ffmpeg last got on; `null` if there was none. */
  #unansweredSince: number | null = null;
  #isHung = false;
  #timer: ReturnType<typeof setTimeout> | undefined;

  /** Starts ffmpeg. */
  constructor(options: PublishRunOptions) {
    this.#clock = options.clock;
    this.ended = this.#run(options);
    this.#write(concat(
      flvHead(),
      encodeFlvTag({ kind: "configuration", record: options.record }),
      encodeFlvTag({ kind: "sound configuration", record: AAC_CONFIGURATION }),
    ));
  }

  /** Whether the server has accepted the stream. */
  get isLive(): boolean {
    return this.#progress >= ACCEPTED_US;
  }

  /** Bytes that ffmpeg has taken so far. */
  get taken(): number {
    return this.#taken;
  }

  /** Publishes something. While ffmpeg does not keep up, drops it, and then all up to the next key. */
  push(item: PublishedItem): void {
    const [oldest] = this.#writes;
    if (oldest !== undefined && this.#clock.monotonic() - oldest > MAX_BEHIND_MS) {
      this.#isSkipping = true;
      return;
    }
    if (this.#isSkipping && !(item.kind === "sample" && item.isKey)) return;
    this.#isSkipping = false;
    this.#held.push(encodeFlvTag(item));
    if (item.kind === "sound sample" && this.#held.length < MAX_HELD) return;
    this.#write(concat(...this.#held.splice(0)));
  }

  /** Kills an ffmpeg that hangs. Call it a few times a second. */
  tick(): void {
    const since = this.#unansweredSince;
    if (since === null || this.#clock.monotonic() - since < HANG_MS) return;
    this.#isHung = true;
    this.#child?.kill();
  }

  /** Ends it, so that the server knows: `ended` then settles soon. */
  end(): void {
    this.#child?.end();
    this.#timer ??= setTimeout(() => this.#child?.kill(), GOODBYE_MS);
  }

  async #run({ program, target, log }: PublishRunOptions): Promise<string> {
    const words = new OutputTail(KEPT_LENGTH);
    const progress = new OutputTail();
    try {
      this.#child = new GuardedChild({
        ...{ program, args: publishArguments(target), hasInput: true, log },
        maxMemory: MAX_FFMPEG_MEMORY,
        onOutput: (chunk) => {
          progress.push(chunk);
          this.#follow(progress.text);
        },
        onErrorOutput: (chunk) => words.push(chunk),
      });
    } catch (error) {
      return messageOf(error);
    }
    await this.#child.ended;
    clearTimeout(this.#timer);
    if (this.#isHung) return this.isLive ? NO_PROGRESS : NO_ANSWER;
    return explainFailure(words.text);
  }

  /** Reads how far ffmpeg is, of `-progress`. */
  #follow(output: string): void {
    const found = [...output.matchAll(/^out_time_us=(\d+)$/gm)].at(-1)?.[1];
    if (found === undefined || Number(found) <= this.#progress) return;
    this.#progress = Number(found);
    this.#unansweredSince = null;
  }

  #write(bytes: Uint8Array<ArrayBuffer>): void {
    if (!this.#child) return;
    const now = this.#clock.monotonic();
    this.#unansweredSince ??= now;
    this.#writes.push(now);
    this.#child.write(bytes).finally(() => {
      this.#writes.shift();
      this.#taken += bytes.length;
    });
  }
}
