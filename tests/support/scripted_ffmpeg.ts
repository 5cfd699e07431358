/** A program to use as ffmpeg that does what shell commands say. */
export class ScriptedFfmpeg implements AsyncDisposable {
  readonly folder: string;
  readonly program: string;

  private constructor(folder: string) {
    this.folder = folder;
    this.program = `${folder}/ffmpeg`;
  }

  /**
   * Writes the program.
   *
   * @param lines In the shell's language; they run in the program's folder. Default: it hangs.
   */
  static async create(...lines: string[]): Promise<ScriptedFfmpeg> {
    const ffmpeg = new ScriptedFfmpeg(await Deno.makeTempDir({ prefix: "scripted_ffmpeg_" }));
    const script = ["#!/bin/sh", `cd '${ffmpeg.folder}'`, ...lines, "exec sleep 60", ""].join("\n");
    await Deno.writeTextFile(ffmpeg.program, script, { mode: 0o755 });
    return ffmpeg;
  }

  /** Makes a file in its folder, which its script may wait for. */
  async touch(name: string): Promise<void> {
    await Deno.writeTextFile(`${this.folder}/${name}`, "");
  }

  /** Returns the process ids that the script wrote to the file `pids` in its folder. */
  async pids(): Promise<number[]> {
    const text = await Deno.readTextFile(`${this.folder}/pids`).catch(() => "");
    return text.split("\n").filter((line) => line !== "").map(Number);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await Deno.remove(this.folder, { recursive: true });
  }
}
