import { OggReader } from "../../src/media/ogg/reader.ts";
import { ffmpeg } from "./ffmpeg.ts";

/** Returns the Opus packets of 20 ms of a tone. */
export async function opusTonePackets(seconds: number): Promise<Uint8Array<ArrayBuffer>[]> {
  const ogg = await ffmpeg(
    ...["-f", "lavfi", "-i", `sine=frequency=440:sample_rate=48000:duration=${seconds}`],
    ...["-c:a", "libopus", "-f", "ogg", "-"],
  );
  return [...new OggReader().push(ogg)].map(({ data }) => data);
}
