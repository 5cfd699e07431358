const PATH = Deno.env.get("PATH") ?? "";

/**
 * What the next start does: run ffmpeg, at once or after 4 s, exit at once, or endlessly write what
 * no ffmpeg would.
 */
export type Behaviour =
  | "sound"
  | "slow"
  | "ends"
  | "zeros"
  | "noise"
  | "endless frame"
  | "huge frames"
  | "impossible frame"
  | "wild frames"
  | "words";

const SIZE_OF_HUGE = 40 << 20;

/** A program to use as ffmpeg whose behaviour the test sets. Lists cameras and encoders like the real one. */
export class FakeFfmpeg implements AsyncDisposable {
  readonly program: string;
  readonly #folder: string;

  private constructor(folder: string) {
    this.#folder = folder;
    this.program = `${folder}/ffmpeg`;
  }

  static async create(): Promise<FakeFfmpeg> {
    const folder = await Deno.makeTempDir({ prefix: "fake_ffmpeg_" });
    const cases: Record<Behaviour, string> = {
      sound: 'exec ffmpeg "$@"',
      slow: 'sleep 4; exec ffmpeg "$@"',
      ends: "exit 1",
      zeros: "exec cat /dev/zero",
      noise: "exec cat /dev/urandom",
      "endless frame": `exec cat '${folder}/begin' /dev/zero`,
      "huge frames": `while cat '${folder}/begin' '${folder}/huge' '${folder}/end'; do :; done`,
      "wild frames": `cat '${folder}/wild'; exec ffmpeg "$@"`,
      "impossible frame": `cat '${folder}/impossible'; exec ffmpeg "$@"`,
      words: `exec yes "a line that says nothing" >&2`,
    };
    const lines = [
      "#!/bin/sh",
      `PATH='${PATH}'`,
      'case "$*" in *-sources* | *-encoders*) exec ffmpeg "$@" ;; esac',
      `echo $$ >> '${folder}/pids'`,
      `case "$(cat '${folder}/behaviour')" in`,
      ...Object.entries(cases).map(([name, command]) => `"${name}") ${command} ;;`),
      "esac",
    ];
    await Deno.writeTextFile(`${folder}/ffmpeg`, lines.join("\n") + "\n", { mode: 0o755 });
    await Deno.writeFile(`${folder}/begin`, header(0xc0, 640, 480));
    await Deno.writeFile(`${folder}/huge`, new Uint8Array(SIZE_OF_HUGE));
    await Deno.writeFile(`${folder}/end`, new Uint8Array([0xff, 0xd9]));
    await Deno.writeFile(`${folder}/impossible`, impossibleFrames());
    const fake = new FakeFfmpeg(folder);
    await fake.behave("sound");
    return fake;
  }

  /** Sets what the next start does. */
  async behave(behaviour: Behaviour): Promise<void> {
    await Deno.writeTextFile(`${this.#folder}/behaviour`, behaviour);
  }

  /** Makes the next start write these bytes, and later ones behave normally. */
  async begin(bytes: Uint8Array): Promise<void> {
    await Deno.writeFile(`${this.#folder}/wild`, bytes);
    await this.behave("wild frames");
  }

  /** Returns the process ids of all starts, oldest first. */
  async pids(): Promise<number[]> {
    const text = await Deno.readTextFile(`${this.#folder}/pids`).catch(() => "");
    return text.split("\n").filter((line) => line !== "").map(Number);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await Deno.remove(this.#folder, { recursive: true });
  }
}

/** SOI, frame header and scan header (T.81 B.2) of a frame with one component. */
function header(process: number, width: number, height: number): Uint8Array<ArrayBuffer> {
  const size = [height >> 8, height & 255, width >> 8, width & 255];
  return new Uint8Array([
    ...[0xff, 0xd8, 0xff, process, 0, 11, 8, ...size, 1, 1, 0x11, 0],
    ...[0xff, 0xda, 0, 8, 1, 1, 0, 0, 63, 0],
  ]);
}

/** Complete frames of a few bytes that claim 65535x65535 pixels. */
function impossibleFrames(): Uint8Array<ArrayBuffer> {
  const frames = [0xc0, 0xc1, 0xc2].flatMap((process) => [
    ...header(process, 65535, 65535),
    ...[0x12, 0x34, 0x56],
    ...[0xff, 0xd9],
  ]);
  return new Uint8Array(frames);
}
