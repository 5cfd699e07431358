import { PACKET_FORMAT } from "./packet_end.ts";
import type { Mode } from "./source.ts";

/** What an attempt reveals about its source besides the frames. */
export type Evidence =
  /** Nothing more: it is known what is opened, as with a camera. */
  | "none"
  /** What ffmpeg logs about its input. */
  | "report"
  /** The source's own bytes, which ffmpeg passes on unparsed. */
  | "bytes";

/** One way to open a source. */
export interface Way {
  /** Unique among the ways to open the source: `bytes`, `udp copy`. */
  readonly name: string;
  /** All of ffmpeg's arguments, with which it writes JPEGs to its standard output. */
  readonly args: readonly string[];
  /** Whether the source's own JPEGs are passed on; else ffmpeg encodes them. */
  readonly copies: boolean;
  /** What it reveals about the source. */
  readonly evidence: Evidence;
  /** Whether each run of ffmpeg gives one picture, so that it runs repeatedly. */
  readonly polls?: true;
}

/** What ffmpeg does to the frames of a source besides decoding and encoding them. */
export interface Redrawing {
  /** Set if pairs of frames are fields of one frame: which rows the first of them has. */
  readonly weave?: "top" | "bottom";
  /** Whether pixels are square, whatever shape the source claims. */
  readonly isSquare?: boolean;
}

// "repeat" logs a repeated line each time, instead of "Last message repeated 1 times".
const GLOBAL = ["-hide_banner", "-nostdin", "-nostats", "-loglevel", "repeat+info"];
const PIPE = ["-flush_packets", "1", "-f", PACKET_FORMAT, "pipe:1"];
const OUTPUT = ["-an", "-sn", "-dn", ...PIPE];

/** Returns the arguments that copy the JPEGs that ffmpeg finds in an input. */
export function copyArgs(input: readonly string[]): string[] {
  return [...GLOBAL, ...input, "-c:v", "copy", ...OUTPUT];
}

/**
 * Returns the arguments that copy the bytes of an input, so that the splitter finds the JPEGs in them.
 *
 * ffmpeg's own demuxers are stricter than browsers about the bytes between JPEGs, or hold a JPEG back
 * until the next one.
 *
 * @param input Without `-i`'s format.
 */
export function bytesArgs(input: (format: readonly string[]) => readonly string[]): string[] {
  // As much at once as there is.
  const format = ["-f", "data", "-raw_packet_size", "65536"];
  const output = ["-flush_packets", "1", "-f", "data", "pipe:1"];
  return [...GLOBAL, ...input(format), "-map", "0", "-c", "copy", ...output];
}

/** Returns the arguments that encode the frames of an input, scaled down to the mode. */
export function encodeArgs(
  input: readonly string[],
  mode: Mode,
  { weave, isSquare }: Redrawing = {},
): string[] {
  const filters = [
    ...(weave ? [`weave=first_field=${weave}`] : []),
    // Passes every frame as it comes. ffmpeg would repeat and drop frames to keep a steady rate, and
    // the option against that has a different name in each version.
    `setpts=N/(${mode.fps}*TB)`,
    ...(isSquare ? ["setsar=1"] : []),
    fit(mode),
    "setsar=1",
  ];
  // The encoder delays frames by the number of its threads.
  const encoder = ["-c:v", "mjpeg", "-q:v", "4", "-pix_fmt", "yuvj420p", "-threads", "1"];
  const args = ["-vf", filters.join(","), "-r", String(mode.fps), ...encoder];
  return [...GLOBAL, ...input, ...args, ...OUTPUT];
}

/**
 * Returns the filter that makes pixels square and then fits the frame into a size.
 *
 * Pixels are stretched along their shorter side, so that no detail is lost. 4:2:0 needs even sides.
 */
function fit({ width, height }: Mode): string {
  const wide = "iw*max(sar,1)";
  const high = "ih*max(1/sar,1)";
  const [most, highest] = [width, height].map((side) => side - side % 2);
  const shrink = `min(1,min(${most}/(${wide}),${highest}/(${high})))`;
  const even = (side: string) => `'max(2,2*round(${side}*${shrink}/2))'`;
  return `scale=w=${even(wide)}:h=${even(high)}`;
}
