import { Child } from "./child.ts";
import { until } from "./until.ts";

export interface MicrophoneOptions {
  /** PulseAudio's name for it. Default: `microphone`. */
  readonly name?: string;
  /** Its name for people. Default: `Test Microphone`. */
  readonly description?: string;
  /** Samples a second that it is fed with. Default: 48,000. */
  readonly rate?: number;
  /** Default: 2. */
  readonly channels?: number;
}

/** A PulseAudio server of a test's own, without hardware. */
export class PulseAudio implements AsyncDisposable {
  /** What programs that use this server need in their environment. */
  readonly env: Readonly<Record<string, string>>;
  readonly #folder: string;
  readonly #server: Child;

  private constructor(folder: string) {
    this.#folder = folder;
    this.env = {
      HOME: folder,
      XDG_RUNTIME_DIR: folder,
      PULSE_RUNTIME_PATH: folder,
      PULSE_SERVER: `unix:${folder}/native`,
    };
    const command = [
      "pulseaudio",
      "-n",
      "--daemonize=no",
      "--exit-idle-time=-1",
      "--use-pid-file=no",
    ];
    const socket = `--load=module-native-protocol-unix auth-anonymous=1 socket=${folder}/native`;
    this.#server = new Child([...command, "--disable-shm=yes", socket], { env: this.env });
  }

  static async start(): Promise<PulseAudio> {
    const pulse = new PulseAudio(await Deno.makeTempDir({ prefix: "pulse_" }));
    try {
      await until("PulseAudio to answer", () => pulse.#ask("info").then(() => true, () => false));
    } catch (error) {
      await pulse[Symbol.asyncDispose]();
      throw error;
    }
    return pulse;
  }

  /** Connects a microphone, which becomes the default one. */
  async plugIn(options: MicrophoneOptions = {}): Promise<Microphone> {
    const { name = "microphone", description = "Test Microphone" } = options;
    const { rate = 48_000, channels = 2 } = options;
    const path = `${this.#folder}/${name}.pcm`;
    const module = await this.#ask(
      ...["load-module", "module-pipe-source", `source_name=${name}`, `file=${path}`],
      // PulseAudio delays a pipe by 4,096 bytes: 11 ms in this format.
      ...["format=float32le", `rate=${rate}`, `channels=${channels}`],
      `source_properties="device.description='${description}'"`,
    );
    await this.#ask("set-default-source", name);
    const file = await Deno.open(path, { write: true });
    return new Microphone({
      ...{ name, rate, channels, file },
      unload: async () => void await this.#ask("unload-module", module),
    });
  }

  /** Adds a loudspeaker that nobody hears; `NAME.monitor` is the source that records what it plays. */
  async addLoudspeaker(name: string): Promise<void> {
    await this.#ask("load-module", "module-null-sink", `sink_name=${name}`);
  }

  /** Ends the server: programs lose their connection. */
  stop(): Promise<void> {
    return this.#server[Symbol.asyncDispose]();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.stop();
    await Deno.remove(this.#folder, { recursive: true });
  }

  async #ask(...args: readonly string[]): Promise<string> {
    const { success, stdout, stderr } = await new Deno.Command("pactl", {
      args: [...args],
      env: this.env,
    }).output();
    const text = (bytes: Uint8Array) => new TextDecoder().decode(bytes).trim();
    if (!success) throw new Error(`pactl ${args.join(" ")}: ${text(stderr)}`);
    return text(stdout);
  }
}

/** Milliseconds of sound that are written at once. */
const PIECE_MS = 10;
/** What nobody records for longer is lost, as with a real microphone. Milliseconds. */
const LOST_MS = 300;

interface MicrophoneParts {
  readonly name: string;
  readonly rate: number;
  readonly channels: number;
  /** The pipe that the sound is written to. */
  readonly file: Deno.FsFile;
  readonly unload: () => Promise<void>;
}

/** A microphone of {@linkcode PulseAudio}. It gives nothing, not even silence, while nobody feeds it. */
export class Microphone implements AsyncDisposable {
  /** PulseAudio's name for it. */
  readonly name: string;
  readonly #parts: MicrophoneParts;
  #feeding: AbortController | null = null;
  #fed: Promise<void> = Promise.resolve();
  #isUnplugged = false;

  constructor(parts: MicrophoneParts) {
    this.#parts = parts;
    this.name = parts.name;
  }

  /**
   * Feeds it from now on, in real time.
   *
   * @param sample Returns the sample, -1..1, at a time in seconds since now.
   * @param speed How fast the clock of the sound card is: 1.005 is 0.5 % too fast.
   */
  feed(sample: (seconds: number) => number = tone, speed = 1): void {
    this.#feeding?.abort();
    const { signal } = this.#feeding = new AbortController();
    this.#fed = this.#fed.then(() => this.#feed(sample, speed, signal));
  }

  /** Stops feeding it: it gives nothing any more, like a device that hangs. */
  async hang(): Promise<void> {
    this.#feeding?.abort();
    await this.#fed;
  }

  /** Disconnects it. */
  async unplug(): Promise<void> {
    if (this.#isUnplugged) return;
    this.#isUnplugged = true;
    this.#feeding?.abort();
    try {
      await this.#parts.unload();
    } finally {
      await this.#fed;
      this.#parts.file.close();
    }
  }

  /** Disconnects it, unless the server has ended. */
  [Symbol.asyncDispose](): Promise<void> {
    return this.unplug().catch(() => {});
  }

  async #feed(
    sample: (seconds: number) => number,
    speed: number,
    signal: AbortSignal,
  ): Promise<void> {
    const { rate, channels, file } = this.#parts;
    const count = rate * PIECE_MS / 1000;
    const start = performance.now();
    for (let piece = 0; !signal.aborted; piece++) {
      const samples = new Float32Array(count * channels);
      for (let i = 0; i < samples.length; i++) {
        samples[i] = sample((piece * count + Math.floor(i / channels)) / rate);
      }
      const wait = start + piece * PIECE_MS / speed - performance.now();
      if (wait < -LOST_MS) piece -= Math.floor(wait * speed / PIECE_MS);
      if (wait > 1) await new Promise((resolve) => setTimeout(resolve, wait));
      if (signal.aborted) return;
      await writeAll(file, new Uint8Array(samples.buffer)).catch(() => this.#feeding?.abort());
    }
  }
}

/** Returns a sample of a tone of 440 Hz. */
export function tone(seconds: number): number {
  return 0.25 * Math.sin(2 * Math.PI * 440 * seconds);
}

async function writeAll(file: Deno.FsFile, bytes: Uint8Array): Promise<void> {
  for (let written = 0; written < bytes.length;) {
    written += await file.write(bytes.subarray(written));
  }
}
