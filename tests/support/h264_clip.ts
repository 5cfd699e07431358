import assert from "node:assert/strict";
import { FlvReader } from "../../src/media/flv.ts";
import { readConfiguration } from "../../src/media/h264/configuration.ts";
import type { VideoConfiguration } from "../../src/media/packet.ts";

/** One access unit of a clip. */
export interface ClipUnit {
  readonly data: Uint8Array<ArrayBuffer>;
  readonly isKey: boolean;
}

/** H.264 as the product's encoder gives it. */
export interface H264Clip {
  readonly configuration: VideoConfiguration;
  readonly units: readonly ClipUnit[];
}

/** Encodes a test picture of 30 frames a second, with a key every half second. */
export async function h264Clip(size = "320x240", frames = 60): Promise<H264Clip> {
  const { code, stdout, stderr } = await new Deno.Command("ffmpeg", {
    args: [
      ...["-hide_banner", "-nostdin", "-loglevel", "error", "-f", "lavfi"],
      ...["-i", `testsrc=size=${size}:rate=30`, "-frames:v", `${frames}`, "-c:v", "libx264"],
      ...["-preset", "superfast", "-tune", "zerolatency", "-profile:v", "baseline"],
      ...["-pix_fmt", "yuv420p", "-g", "15", "-f", "flv", "-"],
    ],
    stdin: "null",
  }).output();
  assert.equal(code, 0, new TextDecoder().decode(stderr));
  return readFlv(stdout);
}

function readFlv(bytes: Uint8Array<ArrayBuffer>): H264Clip {
  let configuration: VideoConfiguration | null = null;
  const units: ClipUnit[] = [];
  for (const video of new FlvReader().push(bytes)) {
    if (video.kind === "sample") units.push({ data: video.data, isKey: video.isKey });
    else if (video.record.length > 0) configuration ??= readConfiguration(video.record);
  }
  assert.ok(configuration);
  return { configuration, units };
}
