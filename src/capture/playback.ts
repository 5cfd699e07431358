import type { UserError } from "../errors.ts";
import type { Logger } from "../log.ts";
import { ConnectionWatch } from "./connection_watch.ts";
import { FfmpegProcess } from "./ffmpeg.ts";
import { MAX_REMOTE_MEMORY } from "./memory_limit.ts";
import { type Attempt, inputCodec, type System } from "./source.ts";
import type { FrameSplitter } from "./splitter.ts";

/** No picture for that long, and the source is taken for stuck. */
const STALL_MS = 5_000;
/** Until the first picture there is more to wait for: a connection, a camera that warms up. */
const FIRST_FRAME_MS = 10_000;

export interface PlaybackOptions {
  /** The ffmpeg program's path or name. */
  readonly program: string;
  readonly attempt: Attempt;
  /** Whether ffmpeg is asked another way when it turns out that the source is MJPEG or is not. */
  readonly checksCodec: boolean;
  /** Whether the source is another machine, which may send anything. */
  readonly isRemote: boolean;
  readonly system: System;
  readonly log: Logger;
  /** Empty; what it holds afterwards is of this run. */
  readonly splitter: FrameSplitter;
  readonly onFrame: (jpeg: Uint8Array<ArrayBuffer>) => void;
  readonly onLine: (line: string) => void;
}

/** How one attempt to show a source ended. */
export interface PlaybackEnd {
  /** Why ffmpeg could not even be started, and what to do; else null. */
  readonly startFailure: UserError | null;
  /** Whether the source is MJPEG and was encoded again, or is not and was copied. */
  readonly wrongWay: boolean;
  readonly stalled: boolean;
  /** Whether it was ended because the source sent it to another host. */
  readonly astray: boolean;
  readonly hadFrames: boolean;
  /** From its first picture to its last. Milliseconds. */
  readonly liveFor: number;
  /** Frames dropped as damaged. */
  readonly damaged: number;
  /** Frames dropped because they have too many pixels, or too many bytes for them. */
  readonly oversized: number;
  /** The last lines that ffmpeg wrote. */
  readonly lines: readonly string[];
}

/** One attempt to show a source, from the start of ffmpeg to its end. */
export class Playback {
  /** Settles when ffmpeg is gone. */
  readonly ended: Promise<PlaybackEnd>;
  readonly #options: PlaybackOptions;
  readonly #process: FfmpegProcess;
  #codec: string | null = null;
  #wrongWay = false;
  #stalled = false;
  #astray = false;
  readonly #connections = new ConnectionWatch();
  #watchdog: ReturnType<typeof setTimeout> | undefined;
  readonly #startedAt = performance.now();
  #firstFrameAt = 0;
  #lastFrameAt: number | null = null;

  constructor(options: PlaybackOptions) {
    this.#options = options;
    this.#process = new FfmpegProcess({
      program: options.program,
      args: options.attempt.args,
      maxMemory: options.isRemote ? MAX_REMOTE_MEMORY : undefined,
      system: options.system,
      log: options.log,
      onData: (chunk) => this.#takeData(chunk),
      onLine: (line) => this.#takeLine(line),
    });
    this.#watch();
    this.ended = this.#end(options.splitter);
  }

  /** Whether the source's own JPEGs are passed on; else ffmpeg encodes them. */
  get copies(): boolean {
    return this.#options.attempt.copies;
  }

  /** Ends ffmpeg. */
  kill(): void {
    this.#process.kill();
  }

  #takeData(chunk: Uint8Array): void {
    const frames = this.#options.splitter.push(chunk);
    if (frames.length === 0 || this.#wrongWay || this.#astray) return;
    const now = performance.now();
    if (this.#lastFrameAt === null) this.#firstFrameAt = now;
    this.#lastFrameAt = now;
    for (const jpeg of frames) this.#options.onFrame(jpeg);
  }

  #takeLine(line: string): void {
    this.#options.onLine(line);
    if (this.#options.isRemote) this.#lookForTrouble(line);
    if (!this.#options.checksCodec || this.#codec !== null) return;
    this.#codec = inputCodec(line);
    if (this.#codec === null || (this.#codec === "mjpeg") === this.#options.attempt.copies) return;
    this.#wrongWay = true;
    this.kill();
  }

  /** Ends an ffmpeg that connects elsewhere, or reads a picture that it cannot hold. */
  #lookForTrouble(line: string): void {
    this.#astray ||= this.#connections.isAstray(line);
    if (this.#astray || line.startsWith("Failed to reallocate parser buffer")) this.kill();
  }

  /** Looks again when the present limit would be over, instead of a new timer for each frame. */
  #watch(): void {
    const limitAt = this.#lastFrameAt === null
      ? this.#startedAt + FIRST_FRAME_MS
      : this.#lastFrameAt + STALL_MS;
    const left = limitAt - performance.now();
    if (left > 0) {
      // Until the first frame, so often that the shorter limit is not overslept after it.
      this.#watchdog = setTimeout(() => this.#watch(), Math.min(left, 1_000));
    } else {
      this.#stalled = true;
      this.kill();
    }
  }

  async #end({ damaged, oversized }: FrameSplitter): Promise<PlaybackEnd> {
    const { startFailure, lines } = await this.#process.ended;
    clearTimeout(this.#watchdog);
    return {
      startFailure,
      lines,
      wrongWay: this.#wrongWay,
      stalled: this.#stalled,
      astray: this.#astray,
      hadFrames: this.#lastFrameAt !== null,
      liveFor: (this.#lastFrameAt ?? 0) - this.#firstFrameAt,
      damaged: this.#options.splitter.damaged - damaged,
      oversized: this.#options.splitter.oversized - oversized,
    };
  }
}
