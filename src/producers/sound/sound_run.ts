import type { UserError } from "../../errors.ts";
import { type OggPacket, OggReader } from "../../media/ogg/reader.ts";
import { NutReader } from "../../media/nut.ts";
import { FfmpegProcess } from "../ffmpeg/ffmpeg.ts";
import { ffmpegPhrase } from "../ffmpeg/ffmpeg_phrases.ts";
import { CapturePositions } from "./capture_positions.ts";
import { SoundClock } from "./sound_clock.ts";
import type { SoundListener, SoundSetup } from "./sound_input.ts";
import { LevelReader } from "./sound_level.ts";
import { soundArgs, type SoundEncoder } from "./sound_ways.ts";

/** How long every packet plays: what {@linkcode soundArgs} asks of the encoder. Milliseconds. */
const PACKET_MS = 20;
/** The encoder's own delay: 312 samples at 48 kHz for libopus. Milliseconds. */
const ENCODER_MS = 6.5;
/** Without a packet for this long, the source counts as stalled. Milliseconds. */
const STALL_MS = 3_000;
/** The same for the first packet. Milliseconds. */
const FIRST_PACKET_MS = 8_000;
/** Smaller differences between wall time and monotonic time come from their resolution. Milliseconds. */
const CLOCK_STEP_MS = 3;
/** How often that is checked. Milliseconds. */
const CHECK_MS = 500;
/** The last lines that are kept to find out why it ended. */
const KEPT_LINES = 40;

/** Options of {@linkcode SoundRun}. */
export interface SoundRunOptions {
  /** Runs ffmpeg. */
  readonly setup: SoundSetup;
  /** The arguments of ffmpeg's input. */
  readonly input: readonly string[];
  /** The encoder to use. */
  readonly encoder: SoundEncoder;
  /** Takes packets and levels. */
  readonly listener: SoundListener;
  /** Limit on the memory of ffmpeg; absent for none. Bytes. */
  readonly maxMemory?: number;
  /**
   * For an input whose positions count from 1970 on: returns what to add to them, as clocks may differ, in milliseconds;
   * `null` while that is not known. Default: packets are stamped by their arrival.
   */
  readonly clockOffset?: () => number | null;
  /** Takes each line of standard error but levels. */
  readonly onLine?: (line: string) => void;
}

/** How a run ended. */
export interface SoundRunEnd {
  /** Why ffmpeg could not be started, and what to do; `null` if it was. */
  readonly startFailure: UserError | null;
  /** The last lines of its standard error, without levels, oldest first. */
  readonly lines: readonly string[];
  /** Whether there was a packet. */
  readonly hadPackets: boolean;
  /** Whether it was ended because no packet came. */
  readonly stalled: boolean;
}

/** One run of an ffmpeg that captures and encodes a live source, whose packets are stamped by their arrival. */
export class SoundRun {
  /** Settles when ffmpeg is gone. Never rejects. */
  readonly ended: Promise<SoundRunEnd>;
  readonly #options: SoundRunOptions;
  readonly #process: FfmpegProcess;
  readonly #reader = new NutReader();
  readonly #clock = new SoundClock(PACKET_MS + ENCODER_MS);
  readonly #levels = new LevelReader();
  readonly #lines: string[] = [];
  readonly #timer: ReturnType<typeof setInterval>;
  #lastPacket: number;
  /** How far wall time is ahead of monotonic time. Wall time counts whole milliseconds, so not every change is one. */
  #wallAhead = 0;
  #hadPackets = false;
  #stalled = false;
  #isStopped = false;
  readonly #ogg = new OggReader(true);
  readonly #positions: CapturePositions | null;

  /** Starts ffmpeg. */
  constructor(options: SoundRunOptions) {
    this.#options = options;
    this.#positions = options.clockOffset ? new CapturePositions(options.clockOffset) : null;
    const { setup, input, encoder, maxMemory } = options;
    this.#lastPacket = setup.clock.monotonic();
    this.#process = new FfmpegProcess({
      ffmpeg: setup.ffmpeg,
      args: soundArgs(input, setup, encoder, this.#positions !== null),
      maxMemory,
      onData: (chunk) => this.#takeData(chunk),
      onLine: (line) => this.#takeLine(line),
    });
    this.#timer = setInterval(() => this.#check(), CHECK_MS);
    this.ended = this.#end();
  }

  /** Ends ffmpeg; no packet follows. */
  stop(): void {
    this.#isStopped = true;
    this.#process.kill();
  }

  async #end(): Promise<SoundRunEnd> {
    const { startFailure } = await this.#process.ended;
    clearInterval(this.#timer);
    const [hadPackets, stalled] = [this.#hadPackets, this.#stalled];
    return { startFailure, lines: this.#lines, hadPackets, stalled };
  }

  #takeData(chunk: Uint8Array): void {
    if (this.#isStopped) return;
    let packets: readonly (Pick<OggPacket, "data"> | OggPacket)[];
    try {
      packets = this.#positions
        ? this.#ogg.push(chunk)
        : this.#reader.push(chunk).map((data) => ({ data }));
    } catch {
      return this.stop();
    }
    const { setup: { clock }, listener } = this.#options;
    const now = clock.monotonic();
    const ahead = clock.wall() - now;
    if (Math.abs(ahead - this.#wallAhead) > CLOCK_STEP_MS) this.#wallAhead = ahead;
    for (const packet of packets) {
      this.#lastPacket = now;
      this.#hadPackets = true;
      const stamped = this.#clock.stamp(now, PACKET_MS);
      const captured = this.#positions && "granule" in packet
        ? this.#positions.take(packet, this.#wallAhead + now)
        : null;
      const at = captured ?? (stamped === null ? undefined : this.#wallAhead + stamped);
      if (captured === undefined || at === undefined) continue;
      listener.onPacket({ data: packet.data, duration: PACKET_MS, at });
    }
  }

  #takeLine(line: string): void {
    const level = this.#levels.take(line);
    if (level === null) return;
    if (level !== undefined) {
      if (!this.#isStopped) this.#options.listener.onLevel(level);
      return;
    }
    this.#options.onLine?.(line);
    this.#lines.push(line);
    if (this.#lines.length > KEPT_LINES) this.#lines.shift();
    const phrase = ffmpegPhrase(line);
    if (phrase !== null) {
      this.#options.setup.ffmpeg.log.debug("ffmpeg of the sound", { says: phrase });
    }
  }

  #check(): void {
    const { clock } = this.#options.setup;
    const limit = this.#hadPackets ? STALL_MS : FIRST_PACKET_MS;
    if (clock.monotonic() - this.#lastPacket < limit) return;
    this.#stalled = true;
    this.stop();
  }
}
