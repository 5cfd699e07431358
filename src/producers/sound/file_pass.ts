import { type OggPacket, OggReader } from "../../media/ogg/reader.ts";
import { OPUS_RATE } from "../../media/opus.ts";
import { FfmpegProcess } from "../ffmpeg/ffmpeg.ts";
import type { SoundLevel } from "../../live_messages.ts";
import { ffmpegPhrase } from "../ffmpeg/ffmpeg_phrases.ts";
import { FILE_OPTIONS } from "../ffmpeg/protocols.ts";
import type { SoundSetup } from "./sound_input.ts";
import { LevelReader } from "./sound_level.ts";
import type { SoundRunEnd } from "./sound_run.ts";
import { encoderArgs, filterArgs, gainFilters, GLOBAL, type SoundEncoder } from "./sound_ways.ts";

/** While this many packets wait to be taken, ffmpeg is not read. */
const AHEAD = 50;

/** Without a packet for this long, ffmpeg counts as stalled. */
const STALL_MS = 8_000;

/** Options of {@linkcode FilePass}. */
export interface FilePassOptions {
  /** Encodes. */
  readonly setup: SoundSetup;
  /** The file. */
  readonly path: string;
  /** Where in the file it begins; before 0 it is silent. Milliseconds. */
  readonly position: number;
  /** How long it is. Milliseconds. */
  readonly duration: number;
  /** The encoder to use. */
  readonly encoder: SoundEncoder;
}

/** A run of ffmpeg that encodes a part of the sound of a file, and silence for what the file lacks. */
export class FilePass {
  /** Settles once ffmpeg is gone. */
  readonly ended: Promise<SoundRunEnd>;
  readonly #process: FfmpegProcess;
  readonly #reader = new OggReader();
  readonly #packets: OggPacket[] = [];
  readonly #levelReader = new LevelReader();
  /** Levels that have not been played, with their times since the first packet. */
  readonly #levels: { readonly time: number; readonly level: SoundLevel }[] = [];
  #levelTime = 0;
  #hasEnded = false;
  #isStopped = false;
  #isStalled = false;
  /** Wakes whoever waits for a packet. */
  #wake = () => {};
  /** Reads on. */
  #readOn = () => {};

  #hadPackets = false;

  /** Starts ffmpeg. */
  constructor(options: FilePassOptions) {
    const { ffmpeg } = options.setup;
    this.#process = new FfmpegProcess({
      ffmpeg,
      args: passArgs(options),
      onData: (chunk) => this.#takeData(chunk),
      onLine: (line) => {
        const phrase = ffmpegPhrase(line);
        if (phrase !== null) ffmpeg.log.debug("ffmpeg of the sound", { says: phrase });
        this.#takeLevel(line);
      },
    });
    this.ended = this.#end();
  }

  /** Returns the level of the sound that has been played, if another one has been reached; else null. */
  levelAt(time: number): SoundLevel | null {
    let level: SoundLevel | null = null;
    while (this.#levels.length > 0 && this.#levels[0].time <= time) {
      level = this.#levels.shift()!.level;
    }
    return level;
  }

  /** Returns the next packet, as soon as there is one; `null` after the last. */
  async take(): Promise<OggPacket | null> {
    if (this.#packets.length === 0 && !this.#hasEnded) await this.#wait();
    const packet = this.#packets.shift() ?? null;
    if (this.#packets.length < AHEAD) this.#readOn();
    return packet;
  }

  /** Ends ffmpeg. No packet follows. */
  stop(): Promise<SoundRunEnd> {
    this.#isStopped = true;
    this.#packets.length = 0;
    this.#process.kill();
    this.#readOn();
    return this.ended;
  }

  /** Waits for packets, or the end. */
  async #wait(): Promise<void> {
    const timer = setTimeout(() => {
      this.#isStalled = true;
      this.#process.kill();
    }, STALL_MS);
    while (this.#packets.length === 0 && !this.#hasEnded) {
      await new Promise<void>((resolve) => this.#wake = resolve);
    }
    clearTimeout(timer);
  }

  async #end(): Promise<SoundRunEnd> {
    const { startFailure, lines } = await this.#process.ended;
    this.#hasEnded = true;
    this.#wake();
    return { startFailure, lines, hadPackets: this.#hadPackets, stalled: this.#isStalled };
  }

  #takeLevel(line: string): void {
    this.#levelTime = levelTime(line) ?? this.#levelTime;
    const level = this.#levelReader.take(line);
    if (level) this.#levels.push({ time: this.#levelTime, level });
  }

  async #takeData(chunk: Uint8Array): Promise<void> {
    if (this.#isStopped) return;
    this.#packets.push(...this.#reader.push(chunk));
    this.#hadPackets ||= this.#packets.length > 0;
    this.#wake();
    if (this.#packets.length < AHEAD) return;
    await new Promise<void>((resolve) => this.#readOn = resolve);
  }
}

/** What the filter of levels logs first: where in the output they are. */
function levelTime(line: string): number | null {
  const [, seconds] = /^\[Parsed_ametadata_\d+ @ \w+\] frame:.* pts_time:([\d.]+)/.exec(line) ?? [];
  return seconds === undefined ? null : Number(seconds) * 1_000;
}

function passArgs({ setup, path, position, duration, encoder }: FilePassOptions): string[] {
  const lead = Math.round(Math.max(0, -position) * OPUS_RATE / 1_000);
  const filters = [
    "aformat=sample_rates=48000:channel_layouts=mono|stereo",
    // Fills what is missing before and in the sound, so that samples can be counted.
    "aresample=async=1:first_pts=0",
    ...(lead > 0 ? [`adelay=${lead}S:all=1`] : []),
    "apad",
    `atrim=end_sample=${Math.ceil(duration * OPUS_RATE / 1_000)}`,
    ...gainFilters(setup.gain),
  ];
  const start = (Math.max(0, position) / 1_000).toFixed(6);
  return [
    ...[...GLOBAL, ...FILE_OPTIONS, "-ss", start, "-i", `file:${path}`],
    ...[...filterArgs(filters), ...encoderArgs(encoder, setup.bitRate)],
    ...["-page_duration", "20000", "-flush_packets", "1", "-f", "ogg", "pipe:1"],
  ];
}
