import { encodeAddress, parseAddress } from "../source_address.ts";
import { PACKET_FORMAT } from "./packet_end.ts";
import { FILE_OPTIONS, protocolOptions } from "./protocols.ts";

/** The systems whose cameras ffmpeg opens: Video4Linux2, AVFoundation, DirectShow. */
export type System = "linux" | "darwin" | "windows";

/** Where pictures come from. */
export type Source =
  /** A moving test picture with a clock. */
  | { readonly kind: "test" }
  /** Played in a loop, in real time. */
  | { readonly kind: "file"; readonly path: string }
  /** A camera, by what ffmpeg calls it; `name` is what people call it, where that differs. */
  | { readonly kind: "camera"; readonly device: string; readonly name?: string }
  /** Anything ffmpeg reads over the network. */
  | {
    readonly kind: "url";
    readonly url: string;
    /** Whether ffmpeg follows redirects itself; older versions always do. */
    readonly followsRedirects?: boolean;
  };

/** What a camera is asked for. */
export interface PictureSettings {
  /** Pixels. */
  readonly width: number;
  /** Pixels. */
  readonly height: number;
  readonly fps: number;
}

/** One way to open a source. */
export interface Attempt {
  /** All of ffmpeg's arguments; it then writes JPEGs to its standard output. */
  readonly args: readonly string[];
  /** Whether the source's own JPEGs are passed on; else ffmpeg encodes them. */
  readonly copies: boolean;
}

/** Which system's cameras there are; those without an own entry are tried as Linux. */
export function currentSystem(): System {
  const { os } = Deno.build;
  return os === "darwin" || os === "windows" ? os : "linux";
}

/**
 * Tells what the user named.
 *
 * @param text `auto`, `test`, a URL, a device such as `/dev/video0`, a number, a file or the name
 * of a camera. What has a folder or ends like `.mp4` is a file.
 */
export function parseSource(text: string, system: System): Source | "auto" {
  if (text === "auto") return "auto";
  if (text === "test") return { kind: "test" };
  if (/^[a-z][a-z0-9+.-]+:\/\//i.test(text)) return { kind: "url", url: text };
  if (system === "linux" && /^\d+$/.test(text)) return camera(`/dev/video${text}`);
  if (text.startsWith("/dev/")) return camera(text);
  if (/[\\/]|\.[a-z][a-z0-9]{1,4}$/i.test(text)) return { kind: "file", path: text };
  return camera(text);
}

function camera(device: string): Source {
  return { kind: "camera", device };
}

/** What to write after `--source` to get this source; tells a URL's password too. */
export function sourceArgument(source: Source): string {
  switch (source.kind) {
    case "test":
      return "test";
    case "file":
      return source.path;
    case "camera":
      return source.device;
    case "url":
      return source.url;
  }
}

/** The ways to open a source, the likeliest first. When one is refused, the next may do. */
export function attemptsFor(source: Source, settings: PictureSettings, system: System): Attempt[] {
  switch (source.kind) {
    case "test":
      return [
        encode(testPicture(settings, CLOCK), settings),
        encode(testPicture(settings), settings),
      ];
    case "file":
      return byGuess(/\.(mjpe?g|jpe?g)$/i.test(source.path), loop(source.path, settings), settings);
    case "url":
      return byGuess(isWebAddress(source), remoteInput(source), settings);
    case "camera":
      return cameraAttempts(source.device, settings, system);
  }
}

/** The seconds stand still in no frame, and it is told from the page's clock at a glance. */
const CLOCK = "drawtext=text='%{localtime\\:%T}':fontsize=h/9:fontcolor=white:borderw=4:" +
  "bordercolor=black@0.7:x=(w-tw)/2:y=h-1.6*th";

function testPicture({ width, height, fps }: PictureSettings, clock?: string): string[] {
  const picture = `testsrc2=size=${width}x${height}:rate=${fps}`;
  return ["-re", "-f", "lavfi", "-i", clock ? `${picture},${clock}` : picture];
}

function loop(path: string, { fps }: PictureSettings): string[] {
  // JPEGs one after another have no rate of their own.
  const rate = /\.mjpe?g$/i.test(path) ? ["-framerate", String(fps)] : [];
  // A name such as `-x.mp4` or `a:b.mp4` would be taken for something else than a file.
  return [...FILE_OPTIONS, ...rate, "-re", "-stream_loop", "-1", "-i", `file:${path}`];
}

/** Half a second is enough to see what it is; more only delays the first picture. */
const SHORT_PROBE = ["-probesize", "500000", "-analyzeduration", "500000"];

/** The largest piece of memory that ffmpeg may ask for: a picture that never ends grows in one. */
const MAX_PIECE = ["-max_alloc", String(64 << 20)];

/** Whether the source is read by HTTP. */
export function isWebAddress(source: Source): boolean {
  return source.kind === "url" && /^https?:/i.test(source.url);
}

/** Returns ffmpeg's arguments that open an address, all but those of its output. */
export function remoteInput(source: Source & { readonly kind: "url" }): string[] {
  const address = parseAddress(source.url)!;
  const { scheme } = address;
  const transport = scheme.startsWith("rtsp") ? ["-rtsp_transport", "tcp"] : [];
  const protocols = protocolOptions(scheme);
  const redirects = isWebAddress(source) && !source.followsRedirects ? ["-max_redirects", "0"] : [];
  const input = [...transport, ...protocols, ...redirects, "-i", encodeAddress(address)];
  return [...VERBOSE, ...MAX_PIECE, ...LOW_DELAY, ...SHORT_PROBE, ...input];
}

function cameraAttempts(device: string, settings: PictureSettings, system: System): Attempt[] {
  const size = ["-video_size", `${settings.width}x${settings.height}`];
  const rate = ["-framerate", String(settings.fps)];
  const open = (format: string, ...rest: string[]) => [
    ...LOW_DELAY,
    // A camera says what it sends: nothing is to be found out from its first pictures.
    ...["-probesize", "32", "-analyzeduration", "0", "-f", format, ...rest],
  ];
  switch (system) {
    case "linux":
      return [
        copy(open("v4l2", "-input_format", "mjpeg", ...size, ...rate, "-i", device)),
        encode(open("v4l2", ...size, ...rate, "-i", device), settings),
      ];
    case "darwin":
      return [
        encode(open("avfoundation", ...size, ...rate, "-i", `${device}:none`), settings),
        encode(open("avfoundation", ...rate, "-i", `${device}:none`), settings),
      ];
    case "windows": {
      // The default buffer of 3 MB holds one uncompressed frame.
      const input = ["-rtbufsize", "64M", "-i", `video=${device}`];
      return [
        copy(open("dshow", "-vcodec", "mjpeg", ...size, ...rate, ...input)),
        encode(open("dshow", ...size, ...rate, ...input), settings),
        encode(open("dshow", ...input), settings),
      ];
    }
  }
}

const LOW_DELAY = ["-fflags", "nobuffer", "-flags", "low_delay"];
// Each line once for each time it is said, without "Last message repeated 1 times".
const GLOBAL = ["-hide_banner", "-nostdin", "-nostats", "-loglevel", "repeat+info"];
/** Says where ffmpeg connects to, which is watched; the last `-loglevel` counts. */
const VERBOSE = ["-loglevel", "repeat+verbose"];
const OUTPUT = ["-an", "-sn", "-dn", "-flush_packets", "1", "-f", PACKET_FORMAT, "pipe:1"];

function copy(input: readonly string[]): Attempt {
  return { args: [...GLOBAL, ...input, "-c:v", "copy", ...OUTPUT], copies: true };
}

function encode(input: readonly string[], { width, height, fps }: PictureSettings): Attempt {
  // Every frame as it comes: ffmpeg would double and drop frames to keep a steady rate, and the
  // option against that has another name in each of its versions.
  const timing = `setpts=N/(${fps}*TB)`;
  const fit = `scale=w='min(${width},iw)':h='min(${height},ih)'` +
    ":force_original_aspect_ratio=decrease:force_divisible_by=2";
  // With more threads the encoder would hold back as many frames.
  const encoder = ["-c:v", "mjpeg", "-q:v", "4", "-pix_fmt", "yuvj420p", "-threads", "1"];
  const args = ["-vf", `${timing},${fit}`, "-r", String(fps), ...encoder];
  return { args: [...GLOBAL, ...input, ...args, ...OUTPUT], copies: false };
}

function byGuess(isMjpeg: boolean, input: readonly string[], settings: PictureSettings): Attempt[] {
  const ways = [copy(input), encode(input, settings)];
  return isMjpeg ? ways : ways.reverse();
}

/**
 * The codec that ffmpeg says the source's video has, such as `mjpeg`.
 *
 * @param line One line of its standard error.
 * @returns Null where the line tells of something else.
 */
export function inputCodec(line: string): string | null {
  // A cover picture is no video.
  if (line.includes("(attached pic)")) return null;
  return /^\s*Stream #0:\d+.*?: Video: (\w+)/.exec(line)?.[1] ?? null;
}

/**
 * The camera's mode nearest to what was asked for, when ffmpeg lists them because it has no such.
 *
 * @param lines What ffmpeg's AVFoundation input wrote.
 */
export function nearestMode(
  lines: readonly string[],
  wanted: PictureSettings,
): PictureSettings | null {
  let best: PictureSettings | null = null;
  let bestDistance = Infinity;
  for (const line of lines) {
    const found = /(\d+)x(\d+)@\[([\d.]+) ([\d.]+)\]fps/.exec(line);
    if (!found) continue;
    const [width, height, slowest, fastest] = found.slice(1).map(Number);
    const fps = Math.min(Math.max(wanted.fps, slowest), fastest);
    const distance = Math.abs(Math.log(width * height / (wanted.width * wanted.height))) +
      Math.abs(Math.log(fps / wanted.fps));
    if (distance < bestDistance) {
      best = { width, height, fps };
      bestDistance = distance;
    }
  }
  return best;
}
