import { messageOf, UserError } from "../../errors.ts";
import { armDeadMansSwitch } from "./dead_mans_switch.ts";
import { limitMemory } from "./memory_limit.ts";
import type { Ffmpeg } from "./setup.ts";
import { startFailure } from "./start_failure.ts";

/** Number of lines of standard error that are kept, the last ones, and length of each. */
const KEPT_LINES = 40;
const KEPT_LINE_LENGTH = 400;

/** Longer lines are cut; ffmpeg cuts its own at 1023 bytes (LINE_SZ in its libavutil/log.c). */
const MAX_LINE_LENGTH = 1024;

/** Longest wait for its end after it was killed, and for its outputs after its end. */
const LET_GO_MS = 1_000;

/** Options of {@linkcode FfmpegProcess}. */
export interface FfmpegOptions {
  /** The program to run. */
  readonly ffmpeg: Ffmpeg;
  /** Must contain `-nostdin`: a byte on its standard input would kill it. */
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
 * One run of ffmpeg.
 *
 * On Linux it never outlives this process, however this process ends. On other systems, and where
 * Linux forbids the dead man's switch, a killed process leaves an ffmpeg that ends at its next write:
 * soon while frames flow, but not while the camera is stalled.
 */
export class FfmpegProcess {
  /** Settles when ffmpeg is gone and all its output was taken. Never rejects. */
  readonly ended: Promise<FfmpegEnd>;
  readonly #lines: string[] = [];
  #kill = () => {};

  /** Starts ffmpeg. */
  constructor(options: FfmpegOptions) {
    const process = spawn(options);
    this.ended = process instanceof UserError
      ? Promise.resolve({ startFailure: process, lines: [] })
      : this.#follow(process, options);
  }

  /** Kills it; `ended` then settles soon. */
  kill(): void {
    this.#kill();
  }

  async #follow(process: Deno.ChildProcess, options: FfmpegOptions): Promise<FfmpegEnd> {
    const output = process.stdout.getReader();
    const errors = process.stderr.getReader();
    const { promise: exited, resolve: exit } = Promise.withResolvers<void>();
    let timer: ReturnType<typeof setTimeout> | undefined;
    // A driver may block it in the kernel; a wrapper's child may have inherited its outputs.
    const letGo = () => {
      timer ??= setTimeout(() => {
        exit();
        output.cancel().catch(() => {});
        errors.cancel().catch(() => {});
      }, LET_GO_MS);
    };
    this.#kill = () => {
      killQuietly(process);
      letGo();
    };
    process.status.then(() => {
      letGo();
      exit();
    });
    await Promise.all([
      exited,
      drain(output, options.onData),
      drainLines(errors, (line) => {
        this.#lines.push(line.slice(0, KEPT_LINE_LENGTH));
        if (this.#lines.length > KEPT_LINES) this.#lines.shift();
        options.onLine(line);
      }),
    ]);
    clearTimeout(timer);
    // Not earlier: the dead man's switch needs it open, and unreferenced it would be closed.
    await process.stdin.close().catch(() => {});
    return { startFailure: null, lines: this.#lines };
  }
}

function spawn({ ffmpeg, args, maxMemory }: FfmpegOptions): Deno.ChildProcess | UserError {
  const { program, system, log } = ffmpeg;
  let process: Deno.ChildProcess;
  try {
    process = new Deno.Command(program, {
      args: [...args],
      stdin: "piped",
      stdout: "piped",
      stderr: "piped",
    }).spawn();
  } catch (error) {
    return startFailure(error, program, system);
  }
  try {
    armDeadMansSwitch(process.pid);
  } catch (error) {
    log.debug("If this program is killed, ffmpeg ends only at its next write", {
      error: messageOf(error),
    });
  }
  if (maxMemory === undefined) return process;
  try {
    limitMemory(process.pid, maxMemory);
  } catch (error) {
    log.debug("The memory of ffmpeg is not limited", { error: messageOf(error) });
  }
  return process;
}

function killQuietly(process: Deno.ChildProcess): void {
  try {
    process.kill("SIGKILL");
  } catch {
    // It has ended already.
  }
}

type ByteReader = ReadableStreamDefaultReader<Uint8Array<ArrayBuffer>>;

async function drain(
  reader: ByteReader,
  take: (chunk: Uint8Array) => void | Promise<void>,
): Promise<void> {
  for (;;) {
    const { done, value } = await reader.read();
    if (done) return;
    await take(value);
  }
}

async function drainLines(reader: ByteReader, take: (line: string) => void): Promise<void> {
  const decoder = new TextDecoder();
  let rest = "";
  await drain(reader, (chunk) => {
    const lines = (rest + decoder.decode(chunk, { stream: true })).split(/[\r\n]+/);
    rest = (lines.pop() ?? "").slice(0, MAX_LINE_LENGTH);
    for (const line of lines) {
      if (line !== "") take(line.slice(0, MAX_LINE_LENGTH));
    }
  });
  if (rest !== "") take(rest);
}
