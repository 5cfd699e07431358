import { type Source, sourceArgument } from "../ffmpeg/source.ts";
import { titleSource } from "../ffmpeg/source_name.ts";
import type { PictureSource } from "../picture_source.ts";
import { AddressInput } from "./address_input.ts";
import { FileInput } from "./file_input.ts";
import { LoopTimings } from "./loop_timings.ts";
import type { SoundInput, SoundListener, SoundSetup } from "./sound_input.ts";
import { soundArgument, type SoundSource } from "./sound_source.ts";
import type { PictureSound } from "./switcher.ts";

/** The own sound of the source that viewers see, if that is a file or an address. */
export class OwnSound {
  readonly #picture: PictureSource;
  readonly #timings = new LoopTimings();
  #file: FileInput | null = null;

  /** Creates the sound of a picture; it opens nothing yet. */
  constructor(picture: PictureSource) {
    this.#picture = picture;
    picture.events.on("playback", (playback) => this.#file?.follow(playback));
  }

  /**
   * Returns the sound of the picture's source.
   *
   * @param source The source of sound that the streamer chose.
   * @returns `null` if the picture's source has no sound of its own, or the streamer chose another one.
   */
  of(source: SoundSource): PictureSound | null {
    const own = this.#picture.source;
    // Until it is known whether there is a picture with sound, no microphone is opened for it.
    if (own === null && source.kind === "auto") return { name: "", of: null, open: waitForPicture };
    if (own === null || (own.kind !== "file" && own.kind !== "url")) return null;
    if (source.kind !== "auto" && soundArgument(source) !== sourceArgument(own)) return null;
    const name = titleSource(own).forStreamer;
    // It would come back again and again.
    if (this.#picture.isLoop) return { name, of: null, open: waitForPicture };
    return { name, of: own, open: (setup, listener) => this.#open(own, setup, listener) };
  }

  #open(
    source: Extract<Source, { readonly kind: "file" | "url" }>,
    setup: SoundSetup,
    listener: SoundListener,
  ): SoundInput {
    this.#file = null;
    if (source.kind === "url") {
      return new AddressInput({ source, setup, listener, picture: this.#picture });
    }
    const { playback } = this.#picture;
    const { path } = source;
    return this.#file = new FileInput({
      ...{ path, playback, setup, listener },
      timings: this.#timings,
    });
  }
}

/** Returns an input that gives nothing until it is stopped, as it is when there is a picture. */
function waitForPicture(): SoundInput {
  const { promise, resolve } = Promise.withResolvers<void>();
  const ended = promise.then(() => ({ kind: "ended", reason: "There was no picture" }) as const);
  return { ended, stop: resolve };
}
