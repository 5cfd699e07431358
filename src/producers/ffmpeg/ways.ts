import { addressWays } from "./address_ways.ts";
import type { Findings } from "./findings.ts";
import { FILE_OPTIONS } from "./protocols.ts";
import type { Mode, Source, System } from "./source.ts";
import type { Redrawing, Way } from "./way.ts";
import {
  copying,
  encoding,
  fieldOrder,
  isCopyable,
  isMjpeg,
  LOW_DELAY,
  pollingWays,
  redrawing,
  WHOLE_PROBE,
} from "./way_kinds.ts";

/**
 * Returns the ways to open a source, the likeliest first. If one fails, the next may work.
 *
 * @param findings What is known about the source. Removes the ways that would show it wrongly, and adds
 * those that help only such a source.
 */
export function waysFor(
  source: Source,
  mode: Mode,
  system: System,
  findings: Findings = {},
): Way[] {
  switch (source.kind) {
    case "test":
      return [
        encoding("clock", testPicture(mode, CLOCK), mode),
        encoding("plain", testPicture(mode), mode),
      ];
    case "file":
      return fileWays(source.path, mode, findings);
    case "url":
      return addressWays(source, mode, findings);
    case "camera":
      return cameraWays(source.device, mode, system, findings);
  }
}

/** A clock with seconds, so that a frozen picture is obvious; unlike the page's clock in style. */
const CLOCK = "drawtext=text='%{localtime\\:%T}':fontsize=h/9:fontcolor=white:borderw=4:" +
  "bordercolor=black@0.7:x=(w-tw)/2:y=h-1.6*th";

function testPicture({ width, height, fps }: Mode, clock?: string): string[] {
  const picture = `testsrc2=size=${width}x${height}:rate=${fps}`;
  return ["-re", "-f", "lavfi", "-i", clock ? `${picture},${clock}` : picture];
}

function fileWays(path: string, mode: Mode, findings: Findings): Way[] {
  // A sequence of JPEGs has no frame rate of its own.
  const rate = /\.mjpe?g$/i.test(path) ? ["-framerate", String(mode.fps)] : [];
  // Without `file:`, ffmpeg would not take a name such as `-x.mp4` or `a:b.mp4` for a file.
  const file = ["-i", `file:${path}`];
  if (findings.isStill) {
    return pollingWays([...FILE_OPTIONS, ...WHOLE_PROBE, ...file], mode, findings);
  }
  const input = [
    ...FILE_OPTIONS,
    ...fieldOrder(findings),
    ...rate,
    ...["-re", "-stream_loop", "-1"],
    ...file,
  ];
  const copy = copying("copy", input, "report");
  const encode = encoding("encode", input, mode, redrawing(findings), "report");
  if (!isMjpeg(findings, /\.(mjpe?g|jpe?g)$/i.test(path))) {
    return findings.codec === undefined ? [encode, copy] : [encode];
  }
  return isCopyable(findings) ? [copy, encode] : [encode];
}

function cameraWays(
  device: string,
  mode: Mode,
  system: System,
  findings: Findings,
): Way[] {
  const size = ["-video_size", `${mode.width}x${mode.height}`];
  const rate = ["-framerate", String(mode.fps)];
  const open = (format: string, ...rest: string[]) => [
    ...LOW_DELAY,
    ...fieldOrder(findings),
    // A camera reports its format, so nothing has to be learned from its first frames.
    ...["-probesize", "32", "-analyzeduration", "0", "-f", format, ...rest],
  ];
  const mjpeg = (input: readonly string[]) =>
    isCopyable(findings)
      ? copying("mjpeg copy", input, "none")
      : encoding("mjpeg encode", input, mode, SQUARE);
  const any = (name: string, input: readonly string[]) => encoding(name, input, mode, SQUARE);
  switch (system) {
    case "linux":
      return [
        mjpeg(open("v4l2", "-input_format", "mjpeg", ...size, ...rate, "-i", device)),
        any("any format", open("v4l2", ...size, ...rate, "-i", device)),
      ];
    case "darwin":
      return [
        any("this size", open("avfoundation", ...size, ...rate, "-i", `${device}:none`)),
        any("any size", open("avfoundation", ...rate, "-i", `${device}:none`)),
      ];
    case "windows": {
      // The default buffer of 3 MB holds one uncompressed frame.
      const input = ["-rtbufsize", "64M", "-i", `video=${device}`];
      return [
        mjpeg(open("dshow", "-vcodec", "mjpeg", ...size, ...rate, ...input)),
        any("any format", open("dshow", ...size, ...rate, ...input)),
        any("any size", open("dshow", ...input)),
      ];
    }
  }
}

/** Cameras have square pixels, whatever density their JPEGs claim. */
const SQUARE: Redrawing = { isSquare: true };
