import { PACKET_FORMAT } from "./packet_end.ts";
import type { Mode } from "./source.ts";

/** What a run of ffmpeg shows of its source besides the frames. */
export type Evidence =
  /** Nothing: what is opened is certain, as with a camera. */
  | "none"
  /** What ffmpeg logs of its input. */
  | "report"
  /** The source's own bytes, which ffmpeg passes on without looking at them. */
  | "bytes";

/** One way to open a source. */
export interface Way {
  /** Tells it from the other ways to open the source: `bytes`, `udp copy`. */
  readonly name: string;
  /** All of ffmpeg's arguments; it then writes JPEGs to its standard output. */
  readonly args: readonly string[];
  /** Whether the source's own JPEGs are passed on; else ffmpeg encodes them. */
  readonly copies: boolean;
  readonly evidence: Evidence;
  /** Whether each run of ffmpeg gives one picture, so that it is run again and again. */
  readonly polls?: true;
}

/** What ffmpeg does with the frames of a source besides decoding and encoding them. */
export interface Redrawing {
  /** Whether each two frames are fields to be woven into one, and which of their rows come first. */
  readonly weave?: "top" | "bottom";
  /** Whether what the source says of the shape of its pixels is ignored, and they are square. */
  readonly isSquare?: boolean;
}

// Each line once for each time it is said, without "Last message repeated 1 times".
const GLOBAL = ["-hide_banner", "-nostdin", "-nostats", "-loglevel", "repeat+info"];
const PIPE = ["-flush_packets", "1", "-f", PACKET_FORMAT, "pipe:1"];
const OUTPUT = ["-an", "-sn", "-dn", ...PIPE];

/** Returns the arguments that pass on the JPEGs which ffmpeg finds in an input. */
export function copyArgs(input: readonly string[]): string[] {
  return [...GLOBAL, ...input, "-c:v", "copy", ...OUTPUT];
}

/**
 * Returns the arguments that pass on an input as it comes, for the JPEGs in it to be found there.
 *
 * ffmpeg's own demuxers are stricter than browsers about what stands between JPEGs, or wait for the
 * next JPEG before they give one.
 *
 * @param input Without `-i`'s format.
 */
export function bytesArgs(input: (format: readonly string[]) => readonly string[]): string[] {
  // As much at once as there is.
  const format = ["-f", "data", "-raw_packet_size", "65536"];
  const output = ["-flush_packets", "1", "-f", "data", "pipe:1"];
  return [...GLOBAL, ...input(format), "-map", "0", "-c", "copy", ...output];
}

/** Returns the arguments that encode the frames of an input, which are shrunk to the mode. */
export function encodeArgs(
  input: readonly string[],
  mode: Mode,
  { weave, isSquare }: Redrawing = {},
): string[] {
  const filters = [
    ...(weave ? [`weave=first_field=${weave}`] : []),
    // Every frame as it comes: ffmpeg would double and drop frames to keep a steady rate, and the
    // option against that has another name in each of its versions.
    `setpts=N/(${mode.fps}*TB)`,
    ...(isSquare ? ["setsar=1"] : []),
    fit(mode),
    "setsar=1",
  ];
  // With more threads the encoder would hold back as many frames.
  const encoder = ["-c:v", "mjpeg", "-q:v", "4", "-pix_fmt", "yuvj420p", "-threads", "1"];
  const args = ["-vf", filters.join(","), "-r", String(mode.fps), ...encoder];
  return [...GLOBAL, ...input, ...args, ...OUTPUT];
}

/**
 * Returns the filter that makes pixels square and then fits the picture into a size.
 *
 * Pixels are stretched along their shorter side, so that no detail is lost. Both sides are even, for
 * 4:2:0.
 */
function fit({ width, height }: Mode): string {
  const wide = "iw*max(sar,1)";
  const high = "ih*max(1/sar,1)";
  const [most, highest] = [width, height].map((side) => side - side % 2);
  const shrink = `min(1,min(${most}/(${wide}),${highest}/(${high})))`;
  const even = (side: string) => `'max(2,2*round(${side}*${shrink}/2))'`;
  return `scale=w=${even(wide)}:h=${even(high)}`;
}
