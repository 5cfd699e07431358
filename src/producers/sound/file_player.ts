import { OPUS_RATE } from "../../media/opus.ts";
import { Pause } from "../ffmpeg/pause.ts";
import { FilePass } from "./file_pass.ts";
import { PassPlan } from "./pass_plan.ts";
import type { PlaybackClock } from "./playback_clock.ts";
import type { SoundListener, SoundSetup } from "./sound_input.ts";
import type { SoundRunEnd } from "./sound_run.ts";
import type { SoundEncoder } from "./sound_ways.ts";

/** Packets are given this long before they play, so that pages can hold them for the picture. */
const LEAD_MS = 200;
/** The first ffmpeg has this long until its sound is due. */
const OPENING_MS = 400;
/** The ffmpeg of the next loop is started this long before it is needed. */
const SEAM_MS = 2_000;
/** The longest that it gets on a busy machine. */
const MAX_OPENING_MS = 8_000;
/** Later packets are useless to anyone: the sound goes on with what is shown soon. */
const LATE_MS = 1_000;
/** An ffmpeg that ends sooner than this is not just replaced. */
const SOUND_MS = 1_000;
/** Wall time that changes by more than this was set. */
const SET_MS = 5;

/** Options of {@linkcode FilePlayer}. */
export interface FilePlayerOptions {
  /** The file. */
  readonly path: string;
  /** Knows which moment of the file is shown when. */
  readonly clock: PlaybackClock;
  /** Encodes and stamps. */
  readonly setup: SoundSetup;
  /** The encoder to use. */
  readonly encoder: SoundEncoder;
  /** Takes packets and levels. */
  readonly listener: SoundListener;
}

/** A run of ffmpeg, and when its sound plays. */
interface Part {
  readonly plan: PassPlan;
  readonly pass: FilePass;
}

const SAMPLES_A_MS = OPUS_RATE / 1_000;

/** Plays the sound of a file in a loop: gives each packet shortly before its picture is shown. */
export class FilePlayer {
  /** Settles with the end of an ffmpeg that gave no sound, once none runs; with `null` if it was stopped. */
  readonly ended: Promise<SoundRunEnd | null>;
  readonly #options: FilePlayerOptions;
  readonly #pause = new Pause();
  /** Runs of ffmpeg that have not ended. */
  readonly #passes = new Set<FilePass>();
  /** Plays after the current part, and is read already. */
  #following: Part | null = null;
  /** How much the encoder puts before the sound. Milliseconds. */
  #leadIn = 6.5;
  /** Wall time minus monotonic time. Milliseconds. */
  #epoch = NaN;
  /** How long the first ffmpeg has until its sound is due. Milliseconds. */
  #openingMs = OPENING_MS;
  /** Whether a packet came too late. */
  #isLate = false;
  #isStopped = false;

  /** Starts with what is shown soon. */
  constructor(options: FilePlayerOptions) {
    this.#options = options;
    this.ended = this.#play().finally(() => this.#closeAll());
  }

  /** Ends it; no packet follows. */
  stop(): void {
    this.#isStopped = true;
    this.#pause.end();
    for (const pass of this.#passes) pass.stop();
  }

  async #play(): Promise<SoundRunEnd | null> {
    let start = this.#now + this.#openingMs;
    for (;;) {
      const { part, end } = await this.#playFrom(start);
      if (this.#isStopped) return null;
      const passEnd = await part.pass.stop();
      // Else somebody killed it, or the machine is busy.
      if (!this.#isLate && end - start < SOUND_MS) return passEnd;
      await this.#closeAll();
      if (this.#isLate) this.#openingMs = Math.min(2 * this.#openingMs, MAX_OPENING_MS);
      start = this.#isLate ? this.#now + this.#openingMs : Math.max(end, this.#now);
      this.#isLate = false;
    }
  }

  /** Plays loop after loop; returns the part whose ffmpeg ended, and when its last packet ends. */
  async #playFrom(start: number): Promise<{ readonly part: Part; readonly end: number }> {
    let part = this.#open(start);
    for (;;) {
      const end = await this.#playPart(part);
      if (!part.plan.isOver(end) || this.#isStopped) return { part, end };
      part.pass.stop();
      part = this.#following ?? this.#open(end);
      this.#following = null;
    }
  }

  /** Plays a part; returns when its last packet ends. */
  async #playPart({ plan, pass }: Part): Promise<number> {
    let end = plan.start;
    while (!plan.isOver(end) && !this.#isStopped) {
      const packet = await pass.take();
      if (packet === null) break;
      this.#leadIn = packet.head.preSkip / SAMPLES_A_MS;
      const at = plan.timeOf(packet);
      if (plan.end - at < SEAM_MS) this.#following ??= this.#open(plan.end);
      await this.#waitUntil(at - LEAD_MS);
      if (this.#isStopped) break;
      this.#isLate = this.#now > at + LATE_MS;
      if (this.#isLate) break;
      const duration = packet.samples / SAMPLES_A_MS;
      end = at + duration;
      const { listener } = this.#options;
      listener.onPacket({ data: packet.data, duration, at: this.#wallTime(at) });
      const level = pass.levelAt(at - plan.start);
      if (level !== null) listener.onLevel(level);
    }
    return end;
  }

  #open(start: number): Part {
    const { path, clock, setup, encoder } = this.#options;
    const plan = new PassPlan(clock, start, this.#leadIn);
    const { position, duration } = plan;
    const pass = new FilePass({ setup, path, encoder, position, duration });
    this.#passes.add(pass);
    pass.ended.then(() => this.#passes.delete(pass));
    return { plan, pass };
  }

  async #closeAll(): Promise<void> {
    this.#following = null;
    await Promise.all([...this.#passes].map((pass) => pass.stop()));
  }

  async #waitUntil(time: number): Promise<void> {
    const left = time - this.#now;
    if (left > 0) await this.#pause.wait(left);
  }

  get #now(): number {
    return this.#options.setup.clock.monotonic();
  }

  /** Returns wall time. What it adds changes only if the clock is set, so that packets stay in step. */
  #wallTime(monotonic: number): number {
    const { clock } = this.#options.setup;
    const epoch = clock.wall() - clock.monotonic();
    if (!(Math.abs(epoch - this.#epoch) < SET_MS)) this.#epoch = epoch;
    return monotonic + this.#epoch;
  }
}
