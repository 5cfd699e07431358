import { cached } from "./cache.ts";
import { type Clip, CLIP_HEIGHT, CLIP_WIDTH } from "./clips.ts";

const SOURCE = new URL("./fakecam.c", import.meta.url);
const CONTROLS_SOURCE = new URL("./fakecam_controls.h", import.meta.url);
const PATH = Deno.env.get("PATH") ?? "";

export interface FakeCameraOptions {
  readonly clip: Clip;
  /** The clip's size in pixels. Default: the size of the clips in clips.ts. */
  readonly width?: number;
  readonly height?: number;
  /** Default: 30. */
  readonly fps?: number;
  /** Default: `/dev/video87`. Only `-sources` needs a file of that name. */
  readonly device?: string;
  /** A second, metadata-only device, as UVC cameras have. */
  readonly metadataDevice?: string;
  /** The error on opening it. */
  readonly refusal?: "EBUSY" | "EACCES";
}

/** A webcam that plays a clip to programs started as its `ffmpeg`. Only on Linux. */
export class FakeCamera implements AsyncDisposable {
  /** The program to use as ffmpeg: the real one, with this camera attached. */
  readonly ffmpeg: string;
  /** A PATH whose first `ffmpeg` is that program. */
  readonly searchPath: string;
  readonly device: string;
  /** Environment variables that let other programs see the camera. */
  readonly environment: Readonly<Record<string, string>>;
  readonly #folder: string;

  private constructor(folder: string, device: string, environment: Record<string, string>) {
    this.#folder = folder;
    this.environment = environment;
    this.ffmpeg = `${folder}/ffmpeg`;
    this.searchPath = `${folder}:${PATH}`;
    this.device = device;
  }

  static async create(options: FakeCameraOptions): Promise<FakeCamera> {
    const { clip, fps = 30, device = "/dev/video87", metadataDevice, refusal } = options;
    const { width = CLIP_WIDTH, height = CLIP_HEIGHT } = options;
    const library = await buildLibrary();
    const folder = await Deno.makeTempDir({ prefix: "fake_camera_" });
    const environment = {
      FAKECAM_DEV: device,
      FAKECAM_FILE: clip.path,
      ...(clip.lengths && { FAKECAM_LENGTHS: clip.lengths }),
      FAKECAM_FMT: clip.format,
      FAKECAM_SIZE: `${width}x${height}`,
      FAKECAM_FPS: String(fps),
      FAKECAM_GONE: `${folder}/gone`,
      FAKECAM_UNPLUGS: `${folder}/unplugs`,
      FAKECAM_STALL: `${folder}/stall`,
      FAKECAM_CONTROLS: `${folder}/controls`,
      ...(metadataDevice && { FAKECAM_META: metadataDevice }),
      ...(refusal && { FAKECAM_OPEN: refusal }),
      LD_PRELOAD: library,
    };
    const settings = Object.entries(environment).map(([name, value]) => `${name}='${value}'`);
    const lines = [
      "#!/bin/sh",
      `[ "$3" = -sources ] || echo $$ >> '${folder}/pids'`,
      `PATH='${PATH}'`,
      `if [ -e '${folder}/busy' ] && [ "$3" != "$(cat '${folder}/busy')" ]; then`,
      "  export FAKECAM_OPEN=EBUSY",
      "fi",
      `${settings.join(" ")} exec ffmpeg "$@"`,
    ];
    await Deno.writeTextFile(`${folder}/ffmpeg`, lines.join("\n") + "\n", { mode: 0o755 });
    return new FakeCamera(folder, device, environment);
  }

  /** The program's options that show this camera. */
  get options(): readonly string[] {
    return [`--source=${this.device}`, `--ffmpeg=${this.ffmpeg}`];
  }

  /** Attaches the camera to this process, for code that loads the C library from the given path. */
  attach(): Disposable & { readonly library: string } {
    const { LD_PRELOAD: library, ...settings } = this.environment;
    for (const [name, value] of Object.entries(settings)) Deno.env.set(name, value);
    return {
      library,
      [Symbol.dispose]() {
        for (const name of Object.keys(settings)) Deno.env.delete(name);
      },
    };
  }

  /**
   * Unplugs the camera: opening fails with ENOENT, and reading with ENODEV, also after it was plugged in
   * again for those who had it open.
   */
  async unplug(): Promise<void> {
    await Deno.writeTextFile(`${this.#folder}/gone`, "");
    await Deno.writeTextFile(`${this.#folder}/unplugs`, ".", { append: true });
  }

  /** Plugs the camera in again, with default controls like a USB camera. */
  async plugIn(): Promise<void> {
    await this.setControls({});
    await Deno.remove(`${this.#folder}/gone`);
  }

  /** Returns controls that differ from their defaults; for a button, how often it was pressed. */
  async controls(): Promise<Record<string, number>> {
    const text = await Deno.readTextFile(`${this.#folder}/controls`).catch(() => "");
    const lines = text.split("\n").filter((line) => line !== "");
    return Object.fromEntries(
      lines.map((line) => line.split("=")).map(([name, value]) => [name, Number(value)]),
    );
  }

  /** Sets these controls and resets the others, as another program may. */
  async setControls(values: Readonly<Record<string, number>>): Promise<void> {
    const lines = Object.entries(values).map(([name, value]) => `${name}=${value}\n`);
    await Deno.writeTextFile(`${this.#folder}/controls`, lines.join(""));
  }

  /** Stalls: gives no more frames and blocks readers. */
  async stall(): Promise<void> {
    await Deno.writeTextFile(`${this.#folder}/stall`, "");
  }

  async unstall(): Promise<void> {
    await Deno.remove(`${this.#folder}/stall`);
  }

  /** Appears busy, used by another program, to anything that opens it from now on. */
  async occupy(): Promise<void> {
    await Deno.writeTextFile(`${this.#folder}/busy`, "");
  }

  /** Like `occupy`, but listing finds it: other programs may open the camera, not use it. */
  async occupyWhenListed(): Promise<void> {
    await Deno.writeTextFile(`${this.#folder}/busy`, "-sources");
  }

  async release(): Promise<void> {
    await Deno.remove(`${this.#folder}/busy`);
  }

  /** Returns the process ids of all started ffmpegs except those listing cameras, oldest first. */
  async pids(): Promise<number[]> {
    const text = await Deno.readTextFile(`${this.#folder}/pids`).catch(() => "");
    return text.split("\n").filter((line) => line !== "").map(Number);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await Deno.remove(this.#folder, { recursive: true });
  }
}

async function buildLibrary(): Promise<string> {
  const sources = await Promise.all(
    [SOURCE, CONTROLS_SOURCE].map((source) => Deno.readTextFile(source)),
  );
  const text = new TextEncoder().encode(sources.join());
  const digest = new Uint8Array(await crypto.subtle.digest("SHA-256", text));
  const name = [...digest.subarray(0, 6)].map((byte) => byte.toString(16).padStart(2, "0")).join(
    "",
  );
  return await cached(`fakecam-${name}.so`, async (path) => {
    const { success, stderr } = await new Deno.Command("cc", {
      args: ["-O2", "-shared", "-fPIC", "-o", path, SOURCE.pathname, "-ldl"],
      stderr: "piped",
    }).output();
    if (!success) {
      throw new Error(`Cannot build the fake camera: ${new TextDecoder().decode(stderr)}`);
    }
  });
}
