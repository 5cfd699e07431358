import { GuardedChild } from "../../child_process/guarded_child.ts";
import type { UserError } from "../../errors.ts";
import type { Ffmpeg } from "./setup.ts";
import { startFailure } from "./start_failure.ts";

/** Number of lines of standard error that are kept, the last ones, and length of each. */
const KEPT_LINES = 40;
const KEPT_LINE_LENGTH = 400;

/** Longer lines are cut; ffmpeg cuts its own at 1023 bytes (LINE_SZ in its libavutil/log.c). */
const MAX_LINE_LENGTH = 1024;

/** Options of {@linkcode FfmpegProcess}. */
export interface FfmpegOptions {
  /** The program to run. */
  readonly ffmpeg: Ffmpeg;
  /** Its arguments. Its standard input is empty. */
  readonly args: readonly string[];
  /** Limit on its memory; absent for none. Bytes. */
  readonly maxMemory?: number;
  /** Takes what ffmpeg writes to standard output; the next chunk is read when it settles. */
  readonly onData: (chunk: Uint8Array) => void | Promise<void>;
  /** Takes each line of standard error. */
  readonly onLine: (line: string) => void;
}

/** How an ffmpeg ended. */
export interface FfmpegEnd {
  /** Why it could not be started, and what to do; null if it was. */
  readonly startFailure: UserError | null;
  /** The last lines of its standard error, oldest first. */
  readonly lines: readonly string[];
}

/**
 * One run of ffmpeg. Where a killed process cannot take it along (see {@linkcode GuardedChild}), it ends at its
 * next write: soon while frames flow, but not while the camera is stalled.
 */
export class FfmpegProcess {
  /** Settles when ffmpeg is gone and all its output was taken. Never rejects. */
  readonly ended: Promise<FfmpegEnd>;
  #child: GuardedChild | null = null;

  /** Starts ffmpeg. */
  constructor(options: FfmpegOptions) {
    this.ended = this.#run(options);
  }

  /** Kills it; `ended` then settles soon. */
  kill(): void {
    this.#child?.kill();
  }

  async #run({ ffmpeg, args, maxMemory, onData, onLine }: FfmpegOptions): Promise<FfmpegEnd> {
    const { program, system, log } = ffmpeg;
    const lines: string[] = [];
    const splitter = new LineSplitter((line) => {
      lines.push(line.slice(0, KEPT_LINE_LENGTH));
      if (lines.length > KEPT_LINES) lines.shift();
      onLine(line);
    });
    try {
      this.#child = new GuardedChild({
        ...{ program, args, maxMemory, log, hasInput: false, onOutput: onData },
        onErrorOutput: (chunk) => splitter.push(chunk),
      });
    } catch (error) {
      return { startFailure: startFailure(error, program, system), lines };
    }
    await this.#child.ended;
    splitter.end();
    return { startFailure: null, lines };
  }
}

/** Splits text into lines that are not empty. */
class LineSplitter {
  readonly #take: (line: string) => void;
  readonly #decoder = new TextDecoder();
  #rest = "";

  constructor(take: (line: string) => void) {
    this.#take = take;
  }

  push(chunk: Uint8Array<ArrayBuffer>): void {
    const lines = (this.#rest + this.#decoder.decode(chunk, { stream: true })).split(/[\r\n]+/);
    this.#rest = (lines.pop() ?? "").slice(0, MAX_LINE_LENGTH);
    for (const line of lines) {
      if (line !== "") this.#take(line.slice(0, MAX_LINE_LENGTH));
    }
  }

  end(): void {
    if (this.#rest !== "") this.#take(this.#rest);
  }
}
