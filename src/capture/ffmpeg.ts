import type { System } from "./source.ts";

/** How many last lines of standard error are kept, and how much of each. */
const KEPT_LINES = 40;
const KEPT_LINE_LENGTH = 400;

/** How long it is waited for after it was killed, and for its outputs after it has ended. */
const LET_GO_MS = 1_000;

/**
 * Becomes ffmpeg, and leaves behind a guard that kills it when standard input ends without a word:
 * the system ends it however the server dies, and a stalled camera would keep ffmpeg for ever. The
 * signals that a terminal or a service manager sends to all are not for the guard.
 */
const GUARDED = `exec 3<&0
{ trap '' HUP INT TERM; read -r _ <&3 || kill -KILL $$; } >/dev/null 2>&1 &
exec "$@" </dev/null 3<&-`;
/** Tells the guard that there is nothing left to kill. */
const DISMISSED = new TextEncoder().encode("\n");

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
  readonly #lines: string[] = [];
  #kill = () => {};

  constructor(options: FfmpegOptions) {
    const process = spawn(options);
    this.ended = process === null
      ? Promise.resolve({ notFound: true, lines: [] })
      : this.#follow(process, options);
  }

  /** Kills it; `ended` then settles soon. */
  kill(): void {
    this.#kill();
  }

  async #follow(process: Deno.ChildProcess, options: FfmpegOptions): Promise<FfmpegEnd> {
    const output = process.stdout.getReader();
    const errors = process.stderr.getReader();
    const { promise: exited, resolve: exit } = Promise.withResolvers<number | null>();
    let timer: ReturnType<typeof setTimeout> | undefined;
    // A driver may hold it in the kernel; a wrapper's child may have inherited its outputs.
    const letGo = () => {
      timer ??= setTimeout(() => {
        exit(null);
        output.cancel().catch(() => {});
        errors.cancel().catch(() => {});
      }, LET_GO_MS);
    };
    this.#kill = () => {
      killQuietly(process);
      letGo();
    };
    process.status.then(({ code }) => {
      letGo();
      exit(code);
    });
    const [code] = await Promise.all([
      exited,
      drain(output, options.onData),
      drainLines(errors, (line) => {
        this.#lines.push(line);
        if (this.#lines.length > KEPT_LINES) this.#lines.shift();
        options.onLine(line);
      }),
    ]);
    clearTimeout(timer);
    await dismissGuard(process);
    const notFound = options.system !== "windows" &&
      (code === NOT_FOUND || code === NOT_EXECUTABLE);
    return { notFound, lines: this.#lines };
  }
}

async function dismissGuard(process: Deno.ChildProcess): Promise<void> {
  const input = process.stdin.getWriter();
  try {
    await input.write(DISMISSED);
    await input.close();
  } catch {
    // It is gone already.
  }
}

function spawn({ program, args, system }: FfmpegOptions): Deno.ChildProcess | null {
  const [command, commandArgs] = system === "windows"
    ? [program, [...args]]
    : ["sh", ["-c", GUARDED, "sh", program, ...args]];
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
