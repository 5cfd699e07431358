/// <reference no-default-lib="true" />
/// <reference lib="deno.worker" />

/**
 * The script of one transcoder thread: it takes a job and answers with what its codec made of it. The
 * first message names the codec and brings the files that it may need.
 */
import type { LumaPlane } from "../media/luma_plane.ts";
import { Rendition, type RenditionFields } from "../media/rendition.ts";
import { messageOf, UnsupportedJpegError } from "../errors.ts";
import type { Orientation } from "../media/jpeg/exif.ts";
import { KernelOverrunError } from "../media/jpeg/kernel.ts";
import { type Files, holdFiles } from "../pictures/imagescript.ts";
import type { Codec, CodecName, Transcoded } from "./codec.ts";
import { DctCodec } from "./dct_codec.ts";
import { ImageScriptCodec } from "./imagescript_codec.ts";

/** What a thread is sent. */
export type WorkerRequest =
  | {
    readonly codec: CodecName;
    readonly files: Files;
    /** One 32-bit number: the job to end as soon as its least is done. */
    readonly hurried: SharedArrayBuffer;
  }
  | {
    readonly id: number;
    readonly jpeg: Uint8Array<ArrayBuffer>;
    readonly renditions: readonly RenditionFields[];
    /** How many of them are made even if another frame waits. */
    readonly least: number;
    readonly previous?: LumaPlane;
    /** Turns the frame, which is then the only output; `renditions` is ignored. */
    readonly orientation?: Orientation;
  };

/**
 * What a thread answers: each output when it is made, then the luma plane (`null` if the frame was
 * turned); or an error.
 */
export type WorkerAnswer =
  | { readonly id: number; readonly index: number; readonly output: Uint8Array<ArrayBuffer> }
  | { readonly id: number; readonly luma: LumaPlane | null; readonly isDamaged: boolean }
  | { readonly id: number; readonly error: string };

/** Uses the `dct` codec, and ImageScript for the kinds of JPEG that `dct` does not take. */
class FallbackCodec implements Codec {
  readonly #dct = new DctCodec();
  readonly #imagescript = new ImageScriptCodec();

  transcode(...job: Parameters<Codec["transcode"]>): Transcoded | Promise<Transcoded> {
    try {
      return this.#dct.transcode(...job);
    } catch (error) {
      if (error instanceof UnsupportedJpegError) return this.#imagescript.transcode(...job);
      throw error;
    }
  }

  turn(...job: Parameters<Codec["turn"]>): ReturnType<Codec["turn"]> {
    try {
      return this.#dct.turn(...job);
    } catch (error) {
      if (error instanceof UnsupportedJpegError) return this.#imagescript.turn(...job);
      throw error;
    }
  }
}

let codec: Codec | null = null;
let hurried: Int32Array = new Int32Array(1);

self.onmessage = async ({ data }: MessageEvent<WorkerRequest>) => {
  if ("codec" in data) {
    holdFiles(data.files);
    codec = data.codec === "dct" ? new FallbackCodec() : new ImageScriptCodec();
    hurried = new Int32Array(data.hurried);
    return;
  }
  const { id, jpeg, renditions, least, previous, orientation } = data;
  try {
    if (orientation !== undefined) {
      const output = await codec!.turn(jpeg, orientation);
      self.postMessage({ id, index: 0, output } satisfies WorkerAnswer, [output.buffer]);
      self.postMessage({ id, luma: null, isDamaged: false } satisfies WorkerAnswer);
      return;
    }
    const { luma, isDamaged } = await codec!.transcode(
      jpeg,
      renditions.map((fields) => Rendition.of(fields)),
      previous,
      (output, index) => {
        self.postMessage({ id, index, output } satisfies WorkerAnswer, [output.buffer]);
        return index + 1 < least || Atomics.load(hurried, 0) !== id;
      },
    );
    self.postMessage({ id, luma, isDamaged } satisfies WorkerAnswer, [luma.data.buffer]);
  } catch (error) {
    // Nothing this thread makes can be trusted now: the pool replaces it.
    if (error instanceof KernelOverrunError) throw error;
    self.postMessage({ id, error: messageOf(error) } satisfies WorkerAnswer);
  }
};
