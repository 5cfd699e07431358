import type { Orientation } from "../../media/jpeg/exif.ts";
import type { Size } from "../../media/jpeg/size.ts";
import {
  convertColours,
  type EncoderName,
  turnFilters,
  VAAPI_DEVICE,
} from "../encoder/encoders.ts";

/** Frames a second of a GIF or WebP: GIF counts in hundredths of a second, and this is eight of them. */
export const ANIMATION_FPS = 12.5;

/** The bit rate of H.264 at 1280x720, which is not exceeded. Bits a second. */
const BIT_RATE_720 = 6_000_000;
const MIN_BIT_RATE = 1_500_000;
const MAX_BIT_RATE = 12_000_000;

/** Keys come after so long at most, to which players jump. Seconds. */
const KEY_SECONDS = 2;

/** How a clip's frames are encoded. */
export interface ClipPicture {
  /** The size in which all are shown, turned: even numbers. */
  readonly size: Size;
  /** How they have to be turned to be upright. */
  readonly orientation: Orientation;
}

const BEGINNING = ["-hide_banner", "-loglevel", "error"];

/** Reads Matroska as `src/media/matroska.ts` writes it, and decodes in one thread: others wait for frames. */
const MATROSKA = [
  ...["-threads", "1", "-noautorotate", "-probesize", "32", "-analyzeduration", "0"],
  ...["-f", "matroska", "-i", "pipe:0"],
];

/** Returns the arguments with which ffmpeg encodes a Matroska stream as H.264, with AAC, in FLV. */
export function movieArgs(
  { size, orientation }: ClipPicture,
  encoder: EncoderName,
  channels: 1 | 2 | null,
): string[] {
  const bitRate = bitRateOf(size);
  const colours = convertColours(encoder, { range: "tv", scale: fit(size) });
  const isVaapi = encoder === "h264_vaapi";
  const filters = [
    ...turnFilters(orientation),
    ...colours.filters,
    ...padFilters(size),
    ...(isVaapi ? ["hwupload"] : []),
  ];
  const sound = [
    // Fills what is missing between packets.
    ...["-map", "0:a:0", "-af", "aresample=async=1:min_hard_comp=0.01", "-c:a", "aac"],
    ...["-ar", "48000", "-ac", String(channels), "-b:a", channels === 2 ? "160k" : "96k"],
  ];
  return [
    ...BEGINNING,
    ...(isVaapi ? ["-vaapi_device", VAAPI_DEVICE] : []),
    ...MATROSKA,
    ...["-map", "0:v:0", "-copyts", "-enc_time_base:v", "1:1000"],
    ...["-vf", filters.join(",")],
    ...["-force_key_frames", `expr:gte(t,n_forced*${KEY_SECONDS})`],
    ...["-c:v", encoder, "-bf", "0", "-maxrate", String(bitRate), "-bufsize", String(2 * bitRate)],
    ...(encoder === "libx264"
      ? ["-preset", "superfast", "-crf", "23", "-profile:v", "high"]
      : ["-b:v", String(Math.round(0.6 * bitRate))]),
    ...colours.args,
    ...(channels === null ? [] : sound),
    ...["-flvflags", "no_duration_filesize", "-f", "flv", "pipe:1"],
  ];
}

/** Returns the arguments with which ffmpeg decodes such a stream to pixels, one frame after another. */
export function pixelsArgs({ size, orientation }: ClipPicture): string[] {
  const filters = [
    ...turnFilters(orientation),
    `scale=${fit(size)}in_range=pc:out_range=tv:out_color_matrix=bt601:flags=area`,
    "format=yuv420p",
    ...padFilters(size),
  ];
  return [...BEGINNING, ...MATROSKA, ...["-vf", filters.join(","), "-f", "rawvideo", "pipe:1"]];
}

/** Returns the number of bytes that one of those frames has. */
export function pixelBytes({ width, height }: Size): number {
  return width * height * 3 / 2;
}

/** Returns the arguments with which ffmpeg makes an animation of those pixels. */
export function animationArgs({ width, height }: Size, format: "gif" | "webp"): string[] {
  const palette = "split[a][b];[a]palettegen=stats_mode=diff[p];" +
    "[b][p]paletteuse=dither=bayer:bayer_scale=4:diff_mode=rectangle";
  return [
    ...BEGINNING,
    ...["-f", "rawvideo", "-pixel_format", "yuv420p", "-video_size", `${width}x${height}`],
    ...["-framerate", String(ANIMATION_FPS), "-i", "pipe:0"],
    ...(format === "gif"
      ? ["-filter_complex", palette, "-f", "gif"]
      : ["-c:v", "libwebp_anim", "-quality", "60", "-compression_level", "2", "-f", "webp"]),
    ...["-loop", "0", "pipe:1"],
  ];
}

/** Makes ffmpeg's scaler show a frame as large as fits, in one step with its colours: another step takes as long. */
function fit({ width, height }: Size): string {
  // Half of an odd size is another shape by a little.
  const isSame = `lt(abs(a*${height}/${width}-1),0.03)`;
  const side = (whole: number, other: string) =>
    `'if(${isSame},${whole},max(2,min(${whole},2*trunc(${other}/2))))'`;
  return `w=${side(width, `${height}*a`)}:h=${side(height, `${width}/a`)}:`;
}

/** Puts bars beside frames of another shape. */
function padFilters({ width, height }: Size): string[] {
  return [`pad=${width}:${height}:(ow-iw)/2:(oh-ih)/2`, "setsar=1"];
}

function bitRateOf({ width, height }: Size): number {
  const rate = BIT_RATE_720 * width * height / (1280 * 720);
  return Math.round(Math.min(MAX_BIT_RATE, Math.max(MIN_BIT_RATE, rate)));
}
