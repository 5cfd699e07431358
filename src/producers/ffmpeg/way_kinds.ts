import type { Findings } from "./findings.ts";
import { MAX_FRAME_BYTES } from "./frame_limit.ts";
import type { Mode } from "./source.ts";
import { bytesArgs, copyArgs, encodeArgs, type Evidence, type Redrawing, type Way } from "./way.ts";

/** Input options for live sources: each frame as soon as it comes. */
export const LOW_DELAY = ["-fflags", "nobuffer", "-flags", "low_delay"];

/** Lets ffmpeg read a whole picture, as large as any frame may be, before it reports the size. */
export const WHOLE_PROBE = ["-probesize", String(MAX_FRAME_BYTES)];

/** Returns a way that copies the JPEGs that ffmpeg finds in its input. */
export function copying(name: string, input: readonly string[], evidence: Evidence): Way {
  return { name, args: copyArgs(input), copies: true, evidence };
}

/** Returns a way that encodes the frames of its input. */
export function encoding(
  name: string,
  input: readonly string[],
  mode: Mode,
  redrawing: Redrawing = {},
  evidence: Evidence = "none",
): Way {
  return { name, args: encodeArgs(input, mode, redrawing), copies: false, evidence };
}

/** Returns a way that copies the bytes of its input, in which the splitter finds JPEGs. */
export function passing(input: (format: readonly string[]) => readonly string[]): Way {
  return { name: "bytes", args: bytesArgs(input), copies: true, evidence: "bytes" };
}

/**
 * Returns the ways to poll a single picture: a JPEG is copied, anything else encoded.
 *
 * @param input Without `-fflags nobuffer`, which would drop the only picture.
 */
export function pollingWays(
  input: readonly string[],
  mode: Mode,
  findings: Findings,
): Way[] {
  const copy = copying("poll and copy", input, "none");
  const encode = encoding("poll and encode", input, mode, redrawing(findings));
  const ways = isMjpeg(findings, true) && isCopyable(findings) ? [copy, encode] : [encode];
  return ways.map((way) => ({ ...way, polls: true }));
}

/** Returns whether the source is MJPEG; `guess` if that is not known. */
export function isMjpeg({ codec }: Findings, guess: boolean): boolean {
  return codec === undefined ? guess : codec === "mjpeg";
}

/** Returns whether browsers show the JPEGs of an MJPEG source correctly. */
export function isCopyable({ fields, isDistorted, isUnsound }: Findings): boolean {
  return !fields && !isDistorted && !isUnsound;
}

/** Returns what to do with the decoded frames. MJPEG that is not distorted has square pixels. */
export function redrawing({ codec, fields, isDistorted, isRaw }: Findings): Redrawing {
  // For a container or a camera, ffmpeg knows the height of the whole frame and weaves by itself.
  return { weave: isRaw ? fields : undefined, isSquare: codec === "mjpeg" && !isDistorted };
}

/** Returns the options for the order of fields. ffmpeg assumes bottom first in AVI. */
export function fieldOrder({ fields }: Findings): string[] {
  return fields === undefined ? [] : ["-field_order", fields === "top" ? "tt" : "bb"];
}
