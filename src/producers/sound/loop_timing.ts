import { FfmpegProcess } from "../ffmpeg/ffmpeg.ts";
import { FILE_OPTIONS } from "../ffmpeg/protocols.ts";
import type { Ffmpeg } from "../ffmpeg/setup.ts";

/** When ffmpeg shows the frames of a file that it plays in a loop. Milliseconds. */
export interface LoopTiming {
  /** The time of each frame within a loop, in the order in which they are shown. */
  readonly frames: readonly number[];
  /** How long one loop takes. */
  readonly duration: number;
}

/** Runs of ffmpeg that list the frames of a file. */
export interface LoopTimingRun {
  /** Settles with the timing; with `null` if ffmpeg cannot list the frames, or was stopped. */
  readonly timing: Promise<LoopTiming | null>;
  /** Ends ffmpeg. */
  stop(): void;
}

/**
 * Reads when the frames of a file are shown.
 *
 * ffmpeg lists the packets of two loops, so that its own arithmetic, which differs from version to
 * version, decides when the second loop begins. Nothing is decoded.
 */
export function readLoopTiming(ffmpeg: Ffmpeg, path: string): LoopTimingRun {
  const list = new PacketList();
  const decoder = new TextDecoder();
  const process = new FfmpegProcess({
    ffmpeg,
    args: [
      ...["-hide_banner", "-nostdin", "-nostats", "-loglevel", "error"],
      ...[...FILE_OPTIONS, "-stream_loop", "1", "-i", `file:${path}`],
      ...["-map", "0:v:0", "-c", "copy", "-f", "framecrc", "pipe:1"],
    ],
    onData: (chunk) => list.push(decoder.decode(chunk, { stream: true })),
    onLine() {},
  });
  let isStopped = false;
  return {
    timing: process.ended.then(() => isStopped ? null : list.timing),
    stop() {
      isStopped = true;
      process.kill();
    },
  };
}

/** A packet that the decoder must have but that is not shown: AV_PKT_FLAG_DISCARD. */
const DISCARDED = 4;

/** Parses the output of ffmpeg's `framecrc` for two loops of a file. */
export class PacketList {
  #rest = "";
  /** Milliseconds that one unit of the times takes. */
  #unit = NaN;
  readonly #times: number[] = [];
  readonly #discarded = new Set<number>();

  /** Adds the next piece of the output. */
  push(text: string): void {
    const lines = (this.#rest + text).split("\n");
    this.#rest = lines.pop() ?? "";
    for (const line of lines) this.#take(line);
  }

  /** The timing of a loop; `null` if the list is none of two loops. */
  get timing(): LoopTiming | null {
    const count = this.#times.length / 2;
    if (count === 0 || !Number.isInteger(count)) return null;
    const duration = (this.#times[count] - this.#times[0]) * this.#unit;
    if (!(duration > 0)) return null;
    const shown = this.#times.slice(0, count).filter((_, i) => !this.#discarded.has(i));
    const frames = shown.map((time) => time * this.#unit).sort((one, other) => one - other);
    return frames.length === 0 ? null : { frames, duration };
  }

  #take(line: string): void {
    const [, numerator, denominator] = /^#tb 0: (\d+)\/(\d+)$/.exec(line) ?? [];
    if (denominator !== undefined) this.#unit = 1_000 * Number(numerator) / Number(denominator);
    // Stream, decoding time, time, duration, size, checksum, flags other than "key frame".
    const [, time, flags = "0"] =
      /^0, *-?\d+, *(-?\d+), *\d+, *\d+, *0x[\da-f]+(?:, *F=0x([\da-f]+))?/i.exec(line) ?? [];
    if (time === undefined) return;
    if (parseInt(flags, 16) & DISCARDED) this.#discarded.add(this.#times.length);
    this.#times.push(Number(time));
  }
}
