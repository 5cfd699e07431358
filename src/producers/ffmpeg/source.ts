/** The systems whose cameras ffmpeg opens: Video4Linux2, AVFoundation, DirectShow. */
export type System = "linux" | "darwin" | "windows";

/** Where frames come from. */
export type Source =
  /** A moving test picture with a clock. */
  | {
    readonly kind: "test";
    /** Whether it stands in for `auto` until a camera is connected. */
    readonly isStandIn?: true;
  }
  /** Played in a loop, in real time. */
  | { readonly kind: "file"; readonly path: string }
  /** A camera, by ffmpeg's name for it; `name` is its name for people, if that differs. */
  | { readonly kind: "camera"; readonly device: string; readonly name?: string }
  /** Anything ffmpeg reads over the network. */
  | {
    readonly kind: "url";
    readonly url: string;
    /** Whether ffmpeg follows redirects itself; older versions always do. */
    readonly followsRedirects?: boolean;
  };

/** Size and rate of frames. */
export interface Mode {
  /** Pixels. */
  readonly width: number;
  /** Pixels. */
  readonly height: number;
  /** Frames a second. */
  readonly fps: number;
}

/** Returns the system that decides how cameras are opened; unknown ones count as Linux. */
export function currentSystem(): System {
  const { os } = Deno.build;
  return os === "darwin" || os === "windows" ? os : "linux";
}

/**
 * Parses the text that names a source.
 *
 * @param text `auto`, `test`, a URL, a device such as `/dev/video0`, a number, a file or the name
 * of a camera. A text with a folder or an extension such as `.mp4` is a file.
 */
export function parseSource(text: string, system: System): Source | "auto" {
  if (text === "auto") return "auto";
  if (text === "test") return { kind: "test" };
  if (/^[a-z][a-z0-9+.-]+:\/\//i.test(text)) return { kind: "url", url: text };
  if (system === "linux" && /^\d+$/.test(text)) return camera(`/dev/video${text}`);
  if (text.startsWith("/dev/")) return camera(text);
  // DirectShow's name for a device, which is not a path.
  if (system === "windows" && text.startsWith("@device_")) return camera(text);
  if (/[\\/]|\.[a-z][a-z0-9]{1,4}$/i.test(text)) return { kind: "file", path: text };
  return camera(text);
}

function camera(device: string): Source {
  return { kind: "camera", device };
}

/** Returns the argument of `--source` for this source, including a URL's password. */
export function sourceArgument(source: Source): string {
  switch (source.kind) {
    case "test":
      return source.isStandIn ? "auto" : "test";
    case "file":
      return source.path;
    case "camera":
      return source.device;
    case "url":
      return source.url;
  }
}

/** Returns whether the source is read by HTTP. */
export function isWebAddress(source: Source): boolean {
  return source.kind === "url" && /^https?:/i.test(source.url);
}

/**
 * Returns the camera's mode that is nearest to the wanted one, from the list that ffmpeg writes if the
 * camera does not have that mode; null without a list.
 *
 * @param lines Output of ffmpeg's AVFoundation input.
 */
export function nearestMode(
  lines: readonly string[],
  wanted: Mode,
): Mode | null {
  let best: Mode | null = null;
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
