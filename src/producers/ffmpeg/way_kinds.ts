import type { Findings } from "./findings.ts";
import { MAX_FRAME_BYTES } from "./frame_limit.ts";
import type { Mode } from "./source.ts";
import { bytesArgs, copyArgs, encodeArgs, type Evidence, type Redrawing, type Way } from "./way.ts";

/** Input options that show each frame as soon as it comes, for what is live. */
export const LOW_DELAY = ["-fflags", "nobuffer", "-flags", "low_delay"];

/** A picture has to be whole before ffmpeg knows its size: as many bytes as a frame may have. */
export const WHOLE_PROBE = ["-probesize", String(MAX_FRAME_BYTES)];

/** Returns a way that passes on the JPEGs which ffmpeg finds in its input. */
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

/** Returns a way that passes on the bytes of its input, for the JPEGs in them to be found here. */
export function passing(input: (format: readonly string[]) => readonly string[]): Way {
  return { name: "bytes", args: bytesArgs(input), copies: true, evidence: "bytes" };
}

/**
 * Returns the ways to poll a single picture: a JPEG is copied, all else encoded.
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

/** Whether the source is MJPEG; `guess` where that is not known. */
export function isMjpeg({ codec }: Findings, guess: boolean): boolean {
  return codec === undefined ? guess : codec === "mjpeg";
}

/** Whether browsers show the JPEGs of an MJPEG source as they should look. */
export function isCopyable({ fields, isDistorted, isUnsound }: Findings): boolean {
  return !fields && !isDistorted && !isUnsound;
}

/** What to do with the decoded frames. MJPEG that is not distorted has square pixels. */
export function redrawing({ codec, fields, isDistorted, isRaw }: Findings): Redrawing {
  // Of a container, and of a camera, ffmpeg knows how high the frame is that it decodes fields to.
  return { weave: isRaw ? fields : undefined, isSquare: codec === "mjpeg" && !isDistorted };
}

/** In AVI, ffmpeg takes the first field for the bottom one unless told otherwise. */
export function fieldOrder({ fields }: Findings): string[] {
  return fields === undefined ? [] : ["-field_order", fields === "top" ? "tt" : "bb"];
}
