import { Emitter } from "../events.ts";
import type { Source } from "./ffmpeg/source.ts";
import type { RelayedStream } from "./relay/relayed_stream.ts";
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
  #isLoop = false;
  /** The other livestream that is the source, as far as its pictures say; `null` for any other source. */
  relayed: Pick<RelayedStream, "clockOffset"> | null = null;

  /** The source; `null` before the first. */
  get source(): Source | null {
    return this.#source;
  }

  /** How the file is played; `null` unless it has been playing for 1.5 s. */
  get playback(): Playback | null {
    return this.#playback;
  }

  /** Whether the source shows this program's own stream, so that its sound would come back too. */
  get isLoop(): boolean {
    return this.#isLoop;
  }

  set isLoop(isLoop: boolean) {
    if (isLoop === this.#isLoop) return;
    this.#isLoop = isLoop;
    if (this.#source) this.events.emit("source", this.#source);
  }

  /** Changes the source. */
  show(source: Source, playback: Playback | null): void {
    this.#source = source;
    this.#isLoop = false;
    this.relayed = null;
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
