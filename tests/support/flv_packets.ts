import { FlvReader } from "../../src/media/flv.ts";
import { readConfiguration } from "../../src/media/h264/configuration.ts";
import type { VideoConfiguration, VideoPacket } from "../../src/media/packet.ts";
import { ffmpeg } from "./ffmpeg.ts";

/**
 * Encodes a clip of JPEGs as H.264 with ffmpeg, one packet a frame.
 *
 * @param keyEvery Frames from one key packet to the next.
 */
export async function packetsOf(
  path: string,
  keyEvery: number,
): Promise<VideoPacket[]> {
  const colours = ["-color_range", "tv", "-colorspace", "smpte170m"];
  const flv = await ffmpeg(
    ...["-f", "mjpeg", "-i", path, "-vf", "scale=out_range=tv:out_color_matrix=bt601"],
    ...["-pix_fmt", "yuv420p", "-c:v", "libx264", "-preset", "superfast", "-tune", "zerolatency"],
    ...["-crf", "16", "-g", `${keyEvery}`, "-keyint_min", `${keyEvery}`, "-sc_threshold", "0"],
    ...[...colours, "-color_primaries", "smpte170m", "-color_trc", "smpte170m"],
    ...["-f", "flv", "pipe:1"],
  );
  const packets: VideoPacket[] = [];
  let configuration: VideoConfiguration | null = null;
  for (const video of new FlvReader().push(flv)) {
    if (video.kind === "configuration") {
      if (video.record.length > 0) configuration ??= readConfiguration(video.record);
    } else if (configuration) {
      const { data, isKey } = video;
      const sequence = packets.length + 1;
      packets.push({
        ...{ track: "video", sequence, at: 0, data, isKey, index: sequence, configuration },
      });
    }
  }
  return packets;
}
