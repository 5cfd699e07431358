import type { LumaPlane } from "../media/luma_plane.ts";
import type { Rendition } from "../media/rendition.ts";
import type { Orientation } from "../media/jpeg/exif.ts";

/** What a codec makes of one frame. */
export interface Transcoded {
  /** Comes with every decode, wanted or not: motion is measured on it. */
  readonly luma: LumaPlane;
  /** Whether the frame's data was damaged, so that the outputs show it in part or repaired. */
  readonly isDamaged: boolean;
  /** One JPEG for each rendition asked for, in that order, unless the rest was left out. Each owns its buffer, to be transferred. */
  readonly outputs: readonly Uint8Array<ArrayBuffer>[];
}

/** Makes other renditions of a JPEG. Runs in a worker. */
export interface Codec {
  /**
   * Decodes `jpeg` once and gives every rendition of it.
   *
   * @param jpeg A whole picture; not changed.
   * @param renditions What is wanted; may be empty when only the luma plane is.
   * @param previous The luma plane of an earlier frame, against which `highlight` finds what moves.
   * Without it, or where its size differs, nothing is taken to move.
   * @param onOutput Called with each output as soon as it is made; `false` leaves out the rest.
   * @throws {CorruptJpegError} The bytes contradict themselves.
   * @throws {UnsupportedJpegError} The codec does not take this kind of JPEG.
   */
  transcode(
    jpeg: Uint8Array<ArrayBuffer>,
    renditions: readonly Rendition[],
    previous?: LumaPlane,
    onOutput?: (output: Uint8Array<ArrayBuffer>, index: number) => boolean,
  ): Transcoded | Promise<Transcoded>;

  /**
   * Turns a JPEG's picture itself: no Exif segment says any more how to show it, as many programs
   * ignore that. An orientation that the JPEG asks for by such a segment is applied first.
   *
   * @param jpeg A whole picture; not changed.
   * @throws {CorruptJpegError} The bytes contradict themselves.
   * @throws {UnsupportedJpegError} The codec does not take this kind of JPEG.
   */
  turn(
    jpeg: Uint8Array<ArrayBuffer>,
    orientation: Orientation,
  ): Uint8Array<ArrayBuffer> | Promise<Uint8Array<ArrayBuffer>>;
}

/** The codecs that `--codec` chooses from, the default first. */
export const CODECS = ["dct", "imagescript"] as const;
export type CodecName = (typeof CODECS)[number];
