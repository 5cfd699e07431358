import { Child } from "./child.ts";

/** What came to a {@linkcode StreamReceiver}. */
export interface ReceivedStream {
  /** Pictures so far. */
  readonly frames: number;
  /** The codecs: `["h264", "aac"]`. */
  readonly codecs: readonly string[];
}

/** An ffmpeg that listens, takes what is published, and decodes it. */
export class StreamReceiver implements AsyncDisposable {
  readonly #child: Child;

  /**
   * Begins to listen.
   *
   * @param input The arguments that open its input: `["-i", "srt://127.0.0.1:9000?mode=listener"]`.
   */
  constructor(...input: readonly string[]) {
    this.#child = new Child([
      ...["ffmpeg", "-hide_banner", "-nostdin", "-loglevel", "info", "-progress", "pipe:2"],
      ...["-stats_period", "0.25", ...input, "-fps_mode", "passthrough"],
      ...["-enc_time_base", "-1", "-f", "null", "-"],
    ], { ending: "SIGKILL" });
  }

  /** What came so far. */
  get received(): ReceivedStream {
    const { output } = this.#child;
    const frames = [...output.matchAll(/^frame=(\d+)$/gm)].at(-1)?.[1] ?? 0;
    const [input = ""] = output.split("Output #0");
    const codecs = [...input.matchAll(/: (?:Video|Audio): (\w+)/g)].map(([, codec]) => codec);
    return { frames: Number(frames), codecs };
  }

  /** What it said. */
  get output(): string {
    return this.#child.output;
  }

  kill(signal: Deno.Signal): void {
    this.#child.kill(signal);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#child[Symbol.asyncDispose]();
  }
}
