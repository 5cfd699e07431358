import { cached } from "./cache.ts";
import { ffmpeg } from "./ffmpeg.ts";

/** A container with its usual codecs: MJPEG and PCM, H.264 and AAC. */
export type FlashBeepFormat = "avi" | "mkv" | "mp4";

const CODECS: Readonly<Record<FlashBeepFormat, readonly string[]>> = {
  avi: ["-c:v", "mjpeg", "-q:v", "4", "-c:a", "pcm_s16le"],
  mkv: ["-c:v", "mjpeg", "-q:v", "4", "-c:a", "pcm_s16le"],
  mp4: ["-c:v", "libx264", "-pix_fmt", "yuv420p", "-c:a", "aac", "-b:a", "128k"],
};

/** Whether it flashes and beeps now, as an expression of ffmpeg's. */
const NOW = "lt(mod(t,2),0.1)";

/**
 * Returns the path of a clip of 320x240 at 30 fps that every 2 s, from its beginning on, flashes white for
 * 100 ms and beeps (1 kHz) at the same time; else it is black and silent.
 *
 * @param seconds How long it is.
 */
export async function flashBeepClip(format: FlashBeepFormat, seconds: number): Promise<string> {
  return await cached(`flash_beep_${seconds}.${format}`, async (path) => {
    const video = `color=black:size=320x240:rate=30,drawbox=color=white:t=fill:enable='${NOW}'`;
    const audio = `aevalsrc='0.5*sin(2*PI*1000*t)*${NOW}':sample_rate=48000`;
    const inputs = ["-f", "lavfi", "-i", video, "-f", "lavfi", "-i", audio];
    await ffmpeg(...inputs, "-t", String(seconds), ...CODECS[format], path);
  });
}
