import type { LumaPlane } from "../media/luma_plane.ts";
import type { Rendition } from "../media/rendition.ts";
import type { Orientation } from "../media/jpeg/exif.ts";

/** What a codec made of one frame. */
export interface Transcoded {
  /** The brightness of the frame, from which motion is measured. Every decode yields it. */
  readonly luma: LumaPlane;
  /** Whether the frame's data was damaged, so that the outputs show it repaired or in part. */
  readonly isDamaged: boolean;
  /** One JPEG for each rendition, in the order requested, less those skipped. Each owns its buffer. */
  readonly outputs: readonly Uint8Array<ArrayBuffer>[];
}

/** Makes renditions of a JPEG. Runs in a worker. */
export interface Codec {
  /**
   * Decodes `jpeg` once and makes every rendition of it.
   *
   * @param jpeg A whole JPEG; not changed.
   * @param renditions May be empty, if only the luma plane is wanted.
   * @param previous The luma plane of an earlier frame, by which `highlight` finds what moves. If it
   * is missing or has another size, nothing moves.
   * @param onOutput Called with each output as soon as it is made; returns `false` to skip the rest.
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
   * Turns the pixels of a JPEG rather than adding an Exif orientation, which many programs ignore. An
   * orientation that the JPEG itself asks for in Exif is applied first.
   *
   * @param jpeg A whole JPEG; not changed.
   * @throws {CorruptJpegError} The bytes contradict themselves.
   * @throws {UnsupportedJpegError} The codec does not take this kind of JPEG.
   */
  turn(
    jpeg: Uint8Array<ArrayBuffer>,
    orientation: Orientation,
  ): Uint8Array<ArrayBuffer> | Promise<Uint8Array<ArrayBuffer>>;
}

/** The codecs that `--codec` can name, the default first. */
export const CODECS = ["dct", "imagescript"] as const;

/** One of {@linkcode CODECS}. */
export type CodecName = (typeof CODECS)[number];
