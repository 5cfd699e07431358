import { messageOf } from "../errors.ts";
import type { Logger } from "../log/log.ts";
import { armDeadMansSwitch } from "./dead_mans_switch.ts";
import { limitMemory } from "./memory_limit.ts";
import { lowerPriority } from "./priority.ts";

/** Longest wait for its end after it was killed, and for its outputs after its end. */
const LET_GO_MS = 1_000;

/** What a child is started with. */
export interface GuardedChildOptions {
  /** The program to run. */
  readonly program: string;
  /** Its arguments. */
  readonly args: readonly string[];
  /** Whether anything is written to its standard input; otherwise that is empty. */
  readonly hasInput: boolean;
  /** Limit on its memory; absent for none. Bytes. */
  readonly maxMemory?: number;
  /** Whether everything else goes first, where the system allows that. */
  readonly isBackground?: boolean;
  /** Takes its standard output; the next chunk is read when it settles. An error that it throws kills the child. */
  readonly onOutput: (chunk: Uint8Array<ArrayBuffer>) => void | Promise<void>;
  /** Takes its standard error, in the same way. */
  readonly onErrorOutput: (chunk: Uint8Array<ArrayBuffer>) => void | Promise<void>;
  /** Receives what cannot be guarded here. */
  readonly log: Pick<Logger, "debug">;
}

/** How a child ended. */
export interface ChildEnd {
  /** Its exit code; `null` if it was killed and has not ended, as a driver blocks it in the kernel. */
  readonly code: number | null;
  /** Why its output could not be taken; `null` if it could. */
  readonly failure: string | null;
}

/**
 * A child process that does not outlive this one.
 *
 * On Linux that holds however this process ends. On other systems, and where Linux forbids the dead man's
 * switch, a child may outlive a killed process until it reads or writes.
 */
export class GuardedChild {
  /** Settles when it is gone and its outputs were taken, soon after it was killed. Never rejects. */
  readonly ended: Promise<ChildEnd>;
  readonly #process: Deno.ChildProcess;
  readonly #input: WritableStreamDefaultWriter<Uint8Array<ArrayBuffer>> | null;
  #letGo = () => {};

  /**
   * Starts it.
   *
   * @throws As `Deno.Command` does where the program cannot be started.
   */
  constructor(options: GuardedChildOptions) {
    const { program, args, hasInput } = options;
    this.#process = new Deno.Command(program, {
      args: [...args],
      stdin: hasInput ? "piped" : "null",
      stdout: "piped",
      stderr: "piped",
    }).spawn();
    guard(this.#process, options);
    this.#input = hasInput ? this.#process.stdin.getWriter() : null;
    this.ended = this.#follow(options);
  }

  /** Writes to its standard input; settles when that is taken, or never will be. Never rejects. */
  async write(bytes: Uint8Array<ArrayBuffer>): Promise<void> {
    // What a child that has ended does not take is of no use.
    await this.#input?.write(bytes).catch(() => {});
  }

  /** Ends its standard input, behind what was written. */
  end(): void {
    this.#input?.close().catch(() => {});
  }

  /** Kills it; `ended` then settles soon. */
  kill(): void {
    try {
      this.#process.kill("SIGKILL");
    } catch {
      // It has ended already.
    }
    this.#letGo();
  }

  async #follow({ onOutput, onErrorOutput }: GuardedChildOptions): Promise<ChildEnd> {
    const { stdout, stderr, status } = this.#process;
    const outputs = [stdout.getReader(), stderr.getReader()] as const;
    const { promise: exited, resolve: exit } = Promise.withResolvers<void>();
    let code: number | null = null;
    let failure: string | null = null;
    let timer: ReturnType<typeof setTimeout> | undefined;
    // A driver may block it in the kernel; a wrapper's child may have inherited its outputs.
    this.#letGo = () => {
      timer ??= setTimeout(() => {
        exit();
        for (const output of outputs) output.cancel().catch(() => {});
      }, LET_GO_MS);
    };
    status.then((status) => {
      code = status.code;
      this.#letGo();
      exit();
    });
    const taking = (take: typeof onOutput) => async (chunk: Uint8Array<ArrayBuffer>) => {
      if (failure !== null) return;
      try {
        await take(chunk);
      } catch (error) {
        failure = messageOf(error);
        this.kill();
      }
    };
    await Promise.all([
      exited,
      drain(outputs[0], taking(onOutput)),
      drain(outputs[1], taking(onErrorOutput)),
    ]);
    clearTimeout(timer);
    const aborted = this.#input?.abort().catch(() => {});
    if (code !== null) await aborted;
    return { code, failure };
  }
}

function guard({ pid, status }: Deno.ChildProcess, options: GuardedChildOptions): void {
  const { maxMemory, isBackground, log } = options;
  try {
    const disarm = armDeadMansSwitch(pid);
    status.then(disarm, disarm);
  } catch (error) {
    log.debug("If this program is killed, ffmpeg ends only at its next read or write", {
      error: messageOf(error),
    });
  }
  if (isBackground) {
    try {
      lowerPriority(pid);
    } catch (error) {
      log.debug("The priority of ffmpeg is not lowered", { error: messageOf(error) });
    }
  }
  if (maxMemory === undefined) return;
  try {
    limitMemory(pid, maxMemory);
  } catch (error) {
    log.debug("The memory of ffmpeg is not limited", { error: messageOf(error) });
  }
}

/** Reads an output to its end. What cannot be read any more is over, whatever the reason. */
async function drain(
  reader: ReadableStreamDefaultReader<Uint8Array<ArrayBuffer>>,
  take: (chunk: Uint8Array<ArrayBuffer>) => Promise<void>,
): Promise<void> {
  for (;;) {
    const chunk = await reader.read().catch(() => null);
    if (chunk === null || chunk.done) return;
    await take(chunk.value);
  }
}
