import { nameSource } from "../ffmpeg/source_name.ts";
import type { Playback } from "../playback.ts";
import { FilePlayer } from "./file_player.ts";
import type { LoopTimingRun } from "./loop_timing.ts";
import type { LoopTimings } from "./loop_timings.ts";
import { PlaybackClock } from "./playback_clock.ts";
import { diagnoseSound, lacksEncoder, type SoundNaming } from "./sound_diagnosis.ts";
import type { SoundFailure, SoundInput, SoundListener, SoundSetup } from "./sound_input.ts";
import { ENCODERS } from "./sound_ways.ts";

/** Each loop takes an ffmpeg of its own, so shorter loops have no sound. Milliseconds. */
const MIN_LOOP_MS = 1_000;

/** Options of {@linkcode FileInput}. */
export interface FileInputOptions {
  /** The file. */
  readonly path: string;
  /** How it is played now; `null` if it is not. */
  readonly playback: Playback | null;
  /** Reads when its frames are shown. */
  readonly timings: LoopTimings;
  /** Encodes and stamps. */
  readonly setup: SoundSetup;
  /** Takes packets and levels. */
  readonly listener: SoundListener;
}

/**
 * The sound of the file that viewers see, in step with its pictures.
 *
 * It is read by ffmpegs of its own, so that neither picture nor sound ever waits for the other. They read
 * faster than it plays: when each packet plays follows from when the picture's ffmpeg showed its frames.
 */
export class FileInput implements SoundInput {
  /** Settles with why it ended, once no ffmpeg runs. */
  readonly ended: Promise<SoundFailure>;
  readonly #options: FileInputOptions;
  /** Called when the playback changes. */
  #wake = () => {};
  #playback: Playback | null;
  #timing: LoopTimingRun | null = null;
  #player: FilePlayer | null = null;
  #isStopped = false;

  /** Plays as soon as the picture has been playing for 1.5 s. */
  constructor(options: FileInputOptions) {
    this.#options = options;
    this.#playback = options.playback;
    this.ended = this.#run();
  }

  /** Follows another ffmpeg of the picture; none for `null`. */
  follow(playback: Playback | null): void {
    this.#playback = playback;
    this.#endCurrent();
  }

  /** Ends it; no packet follows. */
  stop(): void {
    this.#isStopped = true;
    this.#endCurrent();
  }

  #endCurrent(): void {
    this.#timing?.stop();
    this.#player?.stop();
    this.#wake();
  }

  async #run(): Promise<SoundFailure> {
    while (!this.#isStopped) {
      if (this.#playback === null) {
        await new Promise<void>((resolve) => this.#wake = resolve);
        continue;
      }
      const failure = await this.#playAlong(this.#playback);
      if (failure !== null) return failure;
    }
    return { kind: "ended", reason: "It was closed" };
  }

  async #playAlong(playback: Playback): Promise<SoundFailure | null> {
    const { path, timings, setup } = this.#options;
    this.#timing = timings.read(setup.ffmpeg, playback);
    const timing = await this.#timing.timing;
    if (this.#isStopped || playback !== this.#playback) return null;
    const { forStreamer: name } = nameSource({ kind: "file", path });
    if (timing === null) {
      const reason = `Cannot play the sound of ${name}: ffmpeg cannot list its pictures`;
      return { kind: "refused", reason };
    }
    if (timing.duration < MIN_LOOP_MS) {
      const reason = `Cannot play the sound of ${name}: it is shorter than a second`;
      return { kind: "refused", reason };
    }
    return await this.#play(new PlaybackClock(playback, timing), { kind: "file", name });
  }

  async #play(clock: PlaybackClock, naming: SoundNaming): Promise<SoundFailure | null> {
    const { path, setup, listener } = this.#options;
    let failure: SoundFailure | null = null;
    for (const encoder of ENCODERS) {
      this.#player = new FilePlayer({ path, clock, setup, encoder, listener });
      const end = await this.#player.ended;
      if (end === null) return null;
      failure = diagnoseSound(naming, end, setup.ffmpeg.system);
      if (!lacksEncoder(end)) break;
    }
    return failure;
  }
}
