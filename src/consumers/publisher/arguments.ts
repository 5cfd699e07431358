import type { PublishProtocol, StreamTarget } from "./target.ts";

/** Finds out nothing about the frame rate, which would hold the stream back for more than a second. */
const INPUT = ["-fpsprobesize", "0", "-f", "flv", "-i", "pipe:0"];

/** Says twice a second how far it is. */
const REPORT = ["-nostats", "-progress", "pipe:1", "-stats_period", "0.5"];

/** What follows the input, before the address. */
const OUTPUTS: Readonly<Record<PublishProtocol, readonly string[]>> = {
  rtmp: ["-c", "copy", "-f", "flv", "-flvflags", "no_duration_filesize"],
  // Over UDP, a lost packet would be a damaged picture for everyone behind the server.
  rtsp: ["-c", "copy", "-f", "rtsp", "-rtsp_transport", "tcp"],
  srt: ["-c", "copy", "-f", "mpegts"],
  // WebRTC has no AAC.
  whip: ["-c:v", "copy", "-c:a", "libopus", "-b:a", "96k", "-f", "whip"],
};

/** Returns the arguments of an ffmpeg that reads FLV with H.264 and AAC, and publishes it. */
export function publishArguments({ protocol, url }: StreamTarget): string[] {
  return [
    ...["-hide_banner", "-loglevel", "error", ...INPUT, ...REPORT],
    ...["-flush_packets", "1", ...OUTPUTS[protocol], url],
  ];
}
