import type { SoundLevel } from "../../src/live_messages.ts";
import type { SoundPacket } from "../../src/media/packet.ts";
import type { SoundStatus } from "../../src/producers/sound/sound_producer.ts";
import { SoundSwitcher } from "../../src/producers/sound/switcher.ts";
import { isRunning } from "./is_running.ts";
import { PulseAudio } from "./pulse_audio.ts";
import { recordingLog } from "./recording_log.ts";
import { until } from "./until.ts";

/** How the next start of ffmpeg that opens a source behaves. */
export type SoundBehaviour = "sound" | "busy" | "no libopus" | "no encoder";

export interface SoundStageOptions {
  /** What `--sound` says. Default: `auto`. */
  readonly source?: string;
  /** An asoundrc for ALSA. Default: none. */
  readonly asoundrc?: string;
}

/** A switcher of sound with a PulseAudio of its own and an ffmpeg whose behaviour the test sets. */
export class SoundStage implements AsyncDisposable {
  readonly pulse: PulseAudio;
  readonly switcher: SoundSwitcher;
  readonly log = recordingLog();
  readonly packets: SoundPacket[] = [];
  readonly statuses: SoundStatus[] = [];
  readonly levels: SoundLevel[] = [];
  readonly #folder: string;
  readonly #reading: Promise<void>;

  private constructor(pulse: PulseAudio, folder: string, source: string) {
    this.pulse = pulse;
    this.#folder = folder;
    const ffmpeg = { program: `${folder}/ffmpeg`, system: "linux", log: this.log } as const;
    this.switcher = new SoundSwitcher({ source, bitRate: 48_000, ffmpeg });
    this.switcher.events.on("status", (status) => this.statuses.push(status));
    this.switcher.events.on("level", (level) => this.levels.push(level));
    this.#reading = this.#read();
  }

  /** Starts PulseAudio and the switcher, which nobody wants the sound of yet. */
  static async create({ source = "auto", asoundrc }: SoundStageOptions = {}): Promise<SoundStage> {
    const pulse = await PulseAudio.start();
    const folder = await Deno.makeTempDir({ prefix: "sound_" });
    const variables = Object.entries(pulse.env).map(([name, value]) => `export ${name}='${value}'`);
    if (asoundrc !== undefined) await Deno.writeTextFile(`${pulse.env.HOME}/.asoundrc`, asoundrc);
    const script = [
      "#!/bin/sh",
      ...variables,
      'case "$*" in *-sources*) exec ffmpeg "$@" ;; esac',
      `echo $$ >> '${folder}/pids'`,
      `case "$(cat '${folder}/behaviour')-$*" in`,
      `busy*) echo '[alsa @ 0x1] cannot open audio device hw:0 (Device or resource busy)' >&2; exit 1 ;;`,
      `"no encoder"*) echo "Unknown encoder 'opus'" >&2; exit 1 ;;`,
      `"no libopus"*libopus*) echo "Unknown encoder 'libopus'" >&2; exit 1 ;;`,
      "esac",
      'exec ffmpeg "$@"',
    ];
    await Deno.writeTextFile(`${folder}/ffmpeg`, script.join("\n") + "\n", { mode: 0o755 });
    const stage = new SoundStage(pulse, folder, source);
    await stage.behave("sound");
    return stage;
  }

  async behave(behaviour: SoundBehaviour): Promise<void> {
    await Deno.writeTextFile(`${this.#folder}/behaviour`, behaviour);
  }

  /** Waits for a number of packets from now on, and returns them. */
  async hear(count = 10, timeout = 10_000): Promise<SoundPacket[]> {
    const from = this.packets.length;
    const have = () => this.packets.length >= from + count;
    await until(`${count} packets`, have, Boolean, { timeout, every: 10 });
    return this.packets.slice(from);
  }

  /** Waits until the status has this reason. */
  async sees(reason: RegExp, timeout = 10_000): Promise<void> {
    const ask = () => this.switcher.status.reason ?? "";
    await until(`${reason}`, ask, (text) => reason.test(text), { timeout });
  }

  /** Waits for the next level. */
  async level(): Promise<SoundLevel> {
    const from = this.levels.length;
    await until("a level", () => this.levels.length > from + 1);
    return this.levels.at(-1)!;
  }

  /** Returns the process ids of every ffmpeg that opened a source and still runs. */
  async running(): Promise<number[]> {
    const text = await Deno.readTextFile(`${this.#folder}/pids`).catch(() => "");
    const pids = text.split("\n").filter((line) => line !== "").map(Number);
    const states = await Promise.all(pids.map(isRunning));
    return pids.filter((_, i) => states[i]);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.switcher.stop();
    await this.#reading;
    await this.pulse[Symbol.asyncDispose]();
    await Deno.remove(this.#folder, { recursive: true });
  }

  async #read(): Promise<void> {
    for await (const packet of this.switcher.packets()) this.packets.push(packet);
  }
}
