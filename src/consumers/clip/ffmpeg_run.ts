import { GuardedChild, type GuardedChildOptions } from "../../child_process/guarded_child.ts";
import { OutputTail } from "../../child_process/output_tail.ts";
import { messageOf } from "../../errors.ts";
import { ClipFailure } from "./failure.ts";

/** An ffmpeg that takes and gives nothing for so long hangs. Milliseconds. */
const HANG_MS = 20_000;

/** What one ffmpeg is run with. Its arguments make it read standard input and write standard output. */
export interface FfmpegRunOptions
  extends Pick<GuardedChildOptions, "program" | "args" | "maxMemory" | "onOutput" | "log"> {
  /** What it reads; the next piece is asked for when it has taken the one before. */
  readonly input: AsyncIterable<Uint8Array<ArrayBuffer>>;
  /** Kills it. */
  readonly signal: AbortSignal;
  /** Default: 20 seconds. Milliseconds. */
  readonly hangMs?: number;
}

/**
 * Runs ffmpeg in the background, until it has written everything.
 *
 * @throws {ClipFailure} It cannot be started, failed, hung, or was killed by the signal.
 */
export async function runFfmpeg(options: FfmpegRunOptions): Promise<void> {
  const { input, onOutput, signal, hangMs = HANG_MS, ...own } = options;
  if (signal.aborted) throw new ClipFailure("cancelled");
  const words = new OutputTail();
  let child: GuardedChild;
  let hasHung = false;
  let isOver = false;
  let timer: ReturnType<typeof setTimeout> | undefined;
  const isAlive = () => {
    clearTimeout(timer);
    if (isOver) return;
    timer = setTimeout(() => {
      hasHung = true;
      child.kill();
    }, hangMs);
  };
  try {
    child = new GuardedChild({
      ...own,
      hasInput: true,
      isBackground: true,
      async onOutput(chunk) {
        isAlive();
        await onOutput(chunk);
        isAlive();
      },
      onErrorOutput: (chunk) => words.push(chunk),
    });
  } catch (error) {
    throw new ClipFailure("no-ffmpeg", messageOf(error));
  }
  isAlive();
  const kill = () => child.kill();
  signal.addEventListener("abort", kill);
  let inputFailure: unknown = null;
  const feeding = (async () => {
    try {
      for await (const bytes of input) {
        if (isOver) return;
        await child.write(bytes);
        isAlive();
      }
      child.end();
    } catch (error) {
      inputFailure = error;
      child.kill();
    }
  })();
  const { code, failure } = await child.ended;
  isOver = true;
  clearTimeout(timer);
  signal.removeEventListener("abort", kill);
  await feeding;
  if (signal.aborted) throw new ClipFailure("cancelled");
  if (hasHung) throw new ClipFailure("hung");
  if (inputFailure) throw inputFailure;
  if (failure !== null || code !== 0) {
    throw new ClipFailure("failed", failure ?? (words.text || `exit code ${code}`));
  }
}
