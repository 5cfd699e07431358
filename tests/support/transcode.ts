import type { Frame } from "../../src/media/packet.ts";
import type { Rendition } from "../../src/media/rendition.ts";
import type { Transcoded } from "../../src/transcode/codec.ts";
import type { TranscoderPool } from "../../src/transcode/pool.ts";

/** Transcodes a frame with a pool. Returns the renditions, or `null` if there are none. */
export async function make(
  pool: TranscoderPool,
  frame: Frame,
  renditions: readonly Rendition[],
  stream = "program",
): Promise<Pick<Transcoded, "luma" | "outputs"> | null> {
  const outputs: Uint8Array<ArrayBuffer>[] = [];
  const luma = await pool.transcode({
    stream,
    frame,
    renditions,
    least: 1,
    onOutput: (index, jpeg) => outputs[index] = jpeg,
    onFailure: () => {},
  });
  return luma && { luma, outputs };
}
