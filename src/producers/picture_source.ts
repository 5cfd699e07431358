import { Emitter } from "../events.ts";
import type { Source } from "./ffmpeg/source.ts";
import type { Playback } from "./playback.ts";

/** Events of {@linkcode PictureSource}. */
export interface PictureSourceEvents {
  /** Viewers see another source. */
  readonly source: Source;
  /** An ffmpeg has been playing the file for 1.5 s; `null` if it ended, or the source is no file. */
  readonly playback: Playback | null;
}

/** Knows which source viewers see, and how it is played if it is a file, so that its sound can go along. */
export class PictureSource {
  /** Emits each change. */
  readonly events: Emitter<PictureSourceEvents> = new Emitter();
  #source: Source | null = null;
  #playback: Playback | null = null;

  /** The source; `null` before the first. */
  get source(): Source | null {
    return this.#source;
  }

  /** How the file is played; `null` unless it has been playing for 1.5 s. */
  get playback(): Playback | null {
    return this.#playback;
  }

  /** Changes the source. */
  show(source: Source, playback: Playback | null): void {
    this.#source = source;
    this.events.emit("source", source);
    this.play(playback);
  }

  /** Changes how the file is played. */
  play(playback: Playback | null): void {
    if (playback === this.#playback) return;
    this.#playback = playback;
    this.events.emit("playback", playback);
  }
}
