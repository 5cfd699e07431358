/// <reference no-default-lib="true" />
/// <reference lib="deno.worker" />

/**
 * One thread of the pool: takes a job, answers with what its codec made of it. The first message
 * names the codec and brings the files that it may need.
 */
import { type LumaPlane, type Rendition } from "../frame.ts";
import { messageOf, UnsupportedJpegError } from "../errors.ts";
import { type Files, holdFiles } from "../pictures/imagescript.ts";
import type { Codec, CodecName, Transcoded } from "./codec.ts";
import { DctCodec } from "./dct_codec.ts";
import { ImageScriptCodec } from "./imagescript_codec.ts";

/** What the pool sends. */
export type WorkerRequest =
  | { readonly codec: CodecName; readonly files: Files }
  | {
    readonly id: number;
    readonly jpeg: Uint8Array<ArrayBuffer>;
    readonly renditions: readonly Rendition[];
    readonly previous?: LumaPlane;
  };

/** What a worker answers. */
export type WorkerAnswer =
  | { readonly id: number; readonly made: Transcoded }
  | { readonly id: number; readonly error: string };

/** The `dct` codec, and ImageScript for the kinds of JPEG that it does not take. */
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
}

let codec: Codec | null = null;

self.onmessage = async ({ data }: MessageEvent<WorkerRequest>) => {
  if ("codec" in data) {
    holdFiles(data.files);
    codec = data.codec === "dct" ? new FallbackCodec() : new ImageScriptCodec();
    return;
  }
  const { id, jpeg, renditions, previous } = data;
  try {
    const made = await codec!.transcode(jpeg, renditions, previous);
    const buffers = [made.luma.data.buffer, ...made.outputs.map((output) => output.buffer)];
    self.postMessage({ id, made } satisfies WorkerAnswer, buffers);
  } catch (error) {
    self.postMessage({ id, error: messageOf(error) } satisfies WorkerAnswer);
  }
};
