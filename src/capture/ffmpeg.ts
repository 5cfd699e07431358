import type { System } from "./source.ts";

/** How many last lines of standard error are kept, and how much of each. */
const KEPT_LINES = 40;
const KEPT_LINE_LENGTH = 400;

/** How long ffmpeg may take to end after it was killed; a driver may hold it in the kernel. */
const KILL_TIMEOUT_MS = 2_000;

/**
 * Runs ffmpeg and kills it when standard input ends, which the system sees to however the server
 * dies; a stalled camera would else keep it for ever. The signals that a terminal or a service
 * manager sends to all are for the server to answer.
 */
const GUARD = `trap '' HUP INT TERM
"$@" </dev/null &
exec >&- 2>&-
read -r _
kill -KILL $!
wait $!`;

/** What a shell says when there is no such program. */
const NOT_FOUND = 127;
const NOT_EXECUTABLE = 126;

export interface FfmpegOptions {
  /** The program's path or name. */
  readonly program: string;
  readonly args: readonly string[];
  readonly system: System;
  /** Takes what ffmpeg writes to standard output. */
  readonly onData: (chunk: Uint8Array) => void;
  /** Takes each line of standard error. */
  readonly onLine: (line: string) => void;
}

/** How an ffmpeg ended. */
export interface FfmpegEnd {
  /** Whether there was no such program to start. */
  readonly notFound: boolean;
  /** The last lines of its standard error, oldest first. */
  readonly lines: readonly string[];
}

/** One run of ffmpeg. It never outlives this process, however this process ends. */
export class FfmpegProcess {
  /** Settles when ffmpeg is gone and all it wrote was taken. Never rejects. */
  readonly ended: Promise<FfmpegEnd>;
  readonly #process: Deno.ChildProcess | null;
  readonly #lines: string[] = [];
  #release: (() => void) | undefined;

  constructor(options: FfmpegOptions) {
    this.#process = spawn(options);
    this.ended = this.#process === null
      ? Promise.resolve({ notFound: true, lines: [] })
      : this.#follow(this.#process, options);
  }

  /** Kills it; `ended` then settles soon. */
  kill(): void {
    this.#release?.();
  }

  async #follow(process: Deno.ChildProcess, options: FfmpegOptions): Promise<FfmpegEnd> {
    const output = process.stdout.getReader();
    const errors = process.stderr.getReader();
    let timer: ReturnType<typeof setTimeout> | undefined;
    const letGo = () => {
      this.#release = undefined;
      // The guard answers by killing ffmpeg; without a guard it is done here.
      process.stdin.close().catch(() => {});
      if (options.system === "windows") killQuietly(process);
      timer = setTimeout(() => {
        killQuietly(process);
        output.cancel().catch(() => {});
        errors.cancel().catch(() => {});
      }, KILL_TIMEOUT_MS);
    };
    this.#release = letGo;
    const outputDone = drain(output, options.onData).then(() => this.#release?.());
    // If someone kills the guard, ffmpeg must not go on without it.
    const status = process.status.finally(() => this.#release?.());
    const [{ code }] = await Promise.all([
      status,
      outputDone,
      drainLines(errors, (line) => {
        this.#lines.push(line);
        if (this.#lines.length > KEPT_LINES) this.#lines.shift();
        options.onLine(line);
      }),
    ]);
    clearTimeout(timer);
    const notFound = options.system !== "windows" &&
      (code === NOT_FOUND || code === NOT_EXECUTABLE);
    return { notFound, lines: this.#lines };
  }
}

function spawn({ program, args, system }: FfmpegOptions): Deno.ChildProcess | null {
  const [command, commandArgs] = system === "windows"
    ? [program, [...args]]
    : ["sh", ["-c", GUARD, "sh", program, ...args]];
  try {
    return new Deno.Command(command, {
      args: commandArgs,
      stdin: "piped",
      stdout: "piped",
      stderr: "piped",
    }).spawn();
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return null;
    throw error;
  }
}

function killQuietly(process: Deno.ChildProcess): void {
  try {
    process.kill("SIGKILL");
  } catch {
    // It has ended already.
  }
}

type ByteReader = ReadableStreamDefaultReader<Uint8Array<ArrayBuffer>>;

async function drain(reader: ByteReader, take: (chunk: Uint8Array) => void): Promise<void> {
  for (;;) {
    const { done, value } = await reader.read();
    if (done) return;
    take(value);
  }
}

async function drainLines(reader: ByteReader, take: (line: string) => void): Promise<void> {
  const decoder = new TextDecoder();
  let rest = "";
  await drain(reader, (chunk) => {
    const lines = (rest + decoder.decode(chunk, { stream: true })).split(/[\r\n]+/);
    rest = (lines.pop() ?? "").slice(0, KEPT_LINE_LENGTH);
    for (const line of lines) {
      if (line !== "") take(line.slice(0, KEPT_LINE_LENGTH));
    }
  });
  if (rest !== "") take(rest);
}
