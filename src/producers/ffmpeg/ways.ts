import { encodeAddress, parseAddress } from "../../source_address.ts";
import type { Findings } from "./findings.ts";
import { FILE_OPTIONS, protocolOptions } from "./protocols.ts";
import { isWebAddress, type Mode, type Source, type System } from "./source.ts";
import { bytesArgs, copyArgs, encodeArgs, type Evidence, type Redrawing, type Way } from "./way.ts";

type Address = Source & { readonly kind: "url" };

/**
 * Returns the ways to open a source, the likeliest first. If one fails, the next may do.
 *
 * @param findings What has been found out about the source so far. It removes the ways that would show it wrongly,
 * and adds those that only help where it is known that they do.
 */
export function waysFor(
  source: Source,
  settings: Mode,
  system: System,
  findings: Findings = {},
): Way[] {
  switch (source.kind) {
    case "test":
      return [
        encoding("clock", testPicture(settings, CLOCK), settings),
        encoding("plain", testPicture(settings), settings),
      ];
    case "file":
      return fileWays(source.path, settings, findings);
    case "url":
      return addressWays(source, settings, findings);
    case "camera":
      return cameraWays(source.device, settings, system, findings);
  }
}

/** The seconds stand still in no frame, and it is told from the page's clock at a glance. */
const CLOCK = "drawtext=text='%{localtime\\:%T}':fontsize=h/9:fontcolor=white:borderw=4:" +
  "bordercolor=black@0.7:x=(w-tw)/2:y=h-1.6*th";

function testPicture({ width, height, fps }: Mode, clock?: string): string[] {
  const picture = `testsrc2=size=${width}x${height}:rate=${fps}`;
  return ["-re", "-f", "lavfi", "-i", clock ? `${picture},${clock}` : picture];
}

function fileWays(path: string, settings: Mode, findings: Findings): Way[] {
  // JPEGs one after another have no rate of their own.
  const rate = /\.mjpe?g$/i.test(path) ? ["-framerate", String(settings.fps)] : [];
  // A name such as `-x.mp4` or `a:b.mp4` would be taken for something else than a file.
  const file = ["-i", `file:${path}`];
  if (findings.isStill) {
    return pollingWays([...FILE_OPTIONS, ...WHOLE_PROBE, ...file], settings, findings);
  }
  const input = [
    ...FILE_OPTIONS,
    ...fieldOrder(findings),
    ...rate,
    ...["-re", "-stream_loop", "-1"],
    ...file,
  ];
  const copy = copying("copy", input, "report");
  const encode = encoding("encode", input, settings, redrawing(findings), "report");
  if (!isMjpeg(findings, /\.(mjpe?g|jpe?g)$/i.test(path))) {
    return findings.codec === undefined ? [encode, copy] : [encode];
  }
  return isCopyable(findings) ? [copy, encode] : [encode];
}

/** Half a second is enough to see what it is; more only delays the first picture. */
const SHORT_PROBE = ["-probesize", "500000", "-analyzeduration", "500000"];

/** A picture has to be whole before ffmpeg knows its size: as many bytes as a frame may have. */
const WHOLE_PROBE = ["-probesize", String(32 << 20)];

/** The largest piece of memory that ffmpeg may ask for: a picture that never ends grows in one. */
const MAX_PIECE = ["-max_alloc", String(64 << 20)];

/** Says where ffmpeg connects to, which is watched; the last `-loglevel` counts. */
const VERBOSE = ["-loglevel", "repeat+verbose"];
const LOW_DELAY = ["-fflags", "nobuffer", "-flags", "low_delay"];

/**
 * Returns ffmpeg's arguments that open an address, all but those of its output.
 *
 * @param options More options of the input.
 * @param protocols Protocols that ffmpeg may use besides those that the address needs.
 */
export function remoteInput(
  source: Address,
  options: readonly string[] = [],
  protocols: readonly string[] = [],
): string[] {
  const address = parseAddress(source.url)!;
  const redirects = isWebAddress(source) && !source.followsRedirects ? ["-max_redirects", "0"] : [];
  return [
    ...VERBOSE,
    ...MAX_PIECE,
    ...SHORT_PROBE,
    ...protocolOptions(address.scheme, protocols),
    ...redirects,
    ...options,
    ...["-i", encodeAddress(address)],
  ];
}

function addressWays(source: Address, settings: Mode, findings: Findings): Way[] {
  const { scheme } = parseAddress(source.url)!;
  if (scheme.startsWith("rtsp")) return rtspWays(source, scheme, settings, findings);
  // A camera that sends JPEGs as they are lies about the shape of its pixels as often as not.
  const known = findings.isRaw ? { ...findings, isDistorted: false } : findings;
  const look = { ...redrawing(known), isSquare: known.isRaw };
  const isFetched = isWebAddress(source) || scheme === "ftp";
  if (known.isStill && isFetched) {
    return pollingWays(remoteInput(source, WHOLE_PROBE), settings, known);
  }
  // A recording would be over in no time. Live video must not wait: it would get later and later.
  const isPaced = isFetched && (known.isRecorded ?? !known.isRaw);
  const pace = isPaced ? "paced " : "";
  // Low delay costs the frames of the probe, which may be all frames of a short recording.
  const input = remoteInput(source, [...fieldOrder(known), ...(isPaced ? ["-re"] : LOW_DELAY)]);
  const encode = encoding(`${pace}encode`, input, settings, look, "report");
  const bytes = isByteStream(scheme) && known.isRaw !== false
    ? [passing((format) => remoteInput(source, [...LOW_DELAY, ...format]))]
    : [];
  if (!isMjpeg(known, isWebAddress(source))) {
    return known.codec === undefined ? [encode, ...bytes] : [encode];
  }
  if (known.codec === undefined) return [...bytes, encode];
  const copy = copying(`${pace}copy`, input, "report");
  if (isCopyable(known)) return [...(known.isRaw ? bytes : []), copy, encode];
  if (!known.isRaw) return [encode];
  // Without the fields of the probe, the second field of one frame might be the first one of a pair.
  const jpegs = remoteInput(source, [...(known.fields ? [] : LOW_DELAY), "-f", "mjpeg"]);
  const search = encoding("search and encode", jpegs, settings, look, "none");
  return known.fields ? [search] : [encode, search];
}

/**
 * Returns the ways to poll a single picture: a JPEG is copied, all else encoded.
 *
 * @param input Without `-fflags nobuffer`, which would drop the only picture.
 */
function pollingWays(
  input: readonly string[],
  settings: Mode,
  findings: Findings,
): Way[] {
  const copy = copying("poll and copy", input, "none");
  const encode = encoding("poll and encode", input, settings, redrawing(findings));
  const ways = isMjpeg(findings, true) && isCopyable(findings) ? [copy, encode] : [encode];
  return ways.map((way) => ({ ...way, polls: true }));
}

/** Whether ffmpeg reads the address as one long run of bytes, so that it may be raw JPEGs. */
function isByteStream(scheme: string): boolean {
  return ["http", "https", "tcp", "tls", "udp"].includes(scheme);
}

/** TCP loses nothing. But some cameras do not send by TCP, or accept it and then send nothing. */
function rtspWays(
  source: Address,
  scheme: string,
  settings: Mode,
  findings: Findings,
): Way[] {
  // RTP by UDP would not be encrypted.
  const transports = scheme === "rtsps" ? ["tcp"] : ["tcp", "udp"];
  return transports.flatMap((transport) => {
    const protocols = transport === "udp" ? ["rtp", "udp"] : [];
    const options = [...LOW_DELAY, "-rtsp_transport", transport];
    const input = remoteInput(source, options, protocols);
    const copy = copying(`${transport} copy`, input, "report");
    const encode = encoding(`${transport} encode`, input, settings, {}, "report");
    return isMjpeg(findings, false) && isCopyable(findings) ? [copy, encode] : [encode];
  });
}

function cameraWays(
  device: string,
  settings: Mode,
  system: System,
  findings: Findings,
): Way[] {
  const size = ["-video_size", `${settings.width}x${settings.height}`];
  const rate = ["-framerate", String(settings.fps)];
  const open = (format: string, ...rest: string[]) => [
    ...LOW_DELAY,
    ...fieldOrder(findings),
    // A camera says what it sends: nothing is to be found out from its first pictures.
    ...["-probesize", "32", "-analyzeduration", "0", "-f", format, ...rest],
  ];
  const mjpeg = (input: readonly string[]) =>
    isCopyable(findings)
      ? copying("mjpeg copy", input, "none")
      : encoding("mjpeg encode", input, settings, SQUARE);
  const any = (name: string, input: readonly string[]) => encoding(name, input, settings, SQUARE);
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

/** Cameras have square pixels, whatever the density in their JPEGs says. */
const SQUARE: Redrawing = { isSquare: true };

/** Whether the source is MJPEG; `guess` where that is not known. */
function isMjpeg({ codec }: Findings, guess: boolean): boolean {
  return codec === undefined ? guess : codec === "mjpeg";
}

/** Whether browsers show the JPEGs of an MJPEG source as they should look. */
function isCopyable({ fields, isDistorted, isUnsound }: Findings): boolean {
  return !fields && !isDistorted && !isUnsound;
}

/** What to do with the decoded frames. MJPEG that is not distorted has square pixels. */
function redrawing({ codec, fields, isDistorted, isRaw }: Findings): Redrawing {
  // Of a container, and of a camera, ffmpeg knows how high the frame is that it decodes fields to.
  return { weave: isRaw ? fields : undefined, isSquare: codec === "mjpeg" && !isDistorted };
}

/** In AVI, ffmpeg takes the first field for the bottom one unless told otherwise. */
function fieldOrder({ fields }: Findings): string[] {
  return fields === undefined ? [] : ["-field_order", fields === "top" ? "tt" : "bb"];
}

function copying(name: string, input: readonly string[], evidence: Evidence): Way {
  return { name, args: copyArgs(input), copies: true, evidence };
}

function encoding(
  name: string,
  input: readonly string[],
  settings: Mode,
  redrawing: Redrawing = {},
  evidence: Evidence = "none",
): Way {
  return { name, args: encodeArgs(input, settings, redrawing), copies: false, evidence };
}

function passing(input: (format: readonly string[]) => readonly string[]): Way {
  return { name: "bytes", args: bytesArgs(input), copies: true, evidence: "bytes" };
}
