import { describeSource, type Source, type System } from "./source.ts";

/**
 * Why there is no picture: `missing` (no such camera, file or address), `format` (the source is
 * there, but not in the way asked for), `other`.
 */
export type FailureKind = "missing" | "format" | "other";

export interface Diagnosis {
  readonly kind: FailureKind;
  /** For the streamer and for viewers: what is wrong and what to do. */
  readonly reason: string;
}

/** What is known of an ffmpeg that ended, or was ended because it gave no pictures. */
export interface Failure {
  /** The last lines of its standard error, oldest first. */
  readonly lines: readonly string[];
  /** Whether it had given pictures before. */
  readonly hadFrames: boolean;
  /** Whether it was ended because no picture came in time. */
  readonly stalled: boolean;
  /** Frames dropped as damaged. */
  readonly damaged: number;
  /** Frames dropped because they have too many pixels, or too many bytes for them. */
  readonly oversized: number;
}

interface Rule {
  readonly pattern: RegExp;
  readonly kind: FailureKind;
  /** Whom it is about; all, if left out. */
  readonly of?: Source["kind"];
  readonly reason: (name: string, system: System) => string;
}

const PERMISSION_HELP: Readonly<Record<System, string>> = {
  linux: 'run "sudo usermod -aG video $USER", then log out and in again',
  darwin: "allow your terminal in System Settings, Privacy & Security, Camera",
  windows: "allow desktop apps in Settings, Privacy & security, Camera",
};

/** The first that matches says it; what is more exact comes first. */
const RULES: readonly Rule[] = [
  {
    pattern:
      /proper format for codec|Could not set video options|not supported by the device|No such filter|[Ee]rror initializing filter 'drawtext'|valid font|Fontconfig error|Option \S+ not found/,
    kind: "format",
    reason: (name) => `Cannot open ${name}: it has no such picture size, rate or format`,
  },
  {
    pattern:
      /Device or resource busy|device (is )?already in use|used by another application|Could not run graph/i,
    kind: "other",
    of: "camera",
    reason: (name) => `Cannot open camera ${name}: another program is using it. Close that program`,
  },
  {
    pattern: /Permission denied|Operation not permitted|not authorized|access (was )?denied/i,
    kind: "other",
    of: "camera",
    reason: (name, system) =>
      `Cannot open camera ${name}: no permission. To get it, ${PERMISSION_HELP[system]}`,
  },
  {
    pattern:
      /No such (file or directory|device)|device not found|Could not (find|enumerate) video dev|disconnected/i,
    kind: "missing",
    of: "camera",
    reason: (name) => `Camera ${name} is not connected. Plug it in`,
  },
  {
    pattern: /Inappropriate ioctl|Not a video capture device|Operation not supported/i,
    kind: "other",
    of: "camera",
    reason: (name) => `Cannot open ${name}: it is not a camera`,
  },
  {
    pattern: /No such file or directory/,
    kind: "missing",
    of: "file",
    reason: (name) => `Cannot open file ${name}: it does not exist`,
  },
  {
    pattern: /Permission denied/,
    kind: "other",
    of: "file",
    reason: (name) => `Cannot open file ${name}: no permission to read it`,
  },
  {
    pattern: /Connection refused/,
    kind: "other",
    of: "url",
    reason: (name) => `Cannot open ${name}: nothing answers there. Start what should send it`,
  },
  {
    pattern: /Failed to resolve hostname|Name or service not known/,
    kind: "other",
    of: "url",
    reason: (name) => `Cannot open ${name}: there is no host of that name. Check the address`,
  },
  {
    pattern: /40[13] (Unauthorized|Forbidden)|authorization failed|\b401\b.*Unauthorized/i,
    kind: "other",
    of: "url",
    reason: (name) => `Cannot open ${name}: it asks for a user name and password`,
  },
  {
    pattern: /404 Not Found/,
    kind: "other",
    of: "url",
    reason: (name) => `Cannot open ${name}: it has no such page. Check the address`,
  },
  {
    pattern: /timed out|No route to host|Network is unreachable|Host is down/i,
    kind: "other",
    of: "url",
    reason: (name) => `Cannot open ${name}: no answer. Check the address and the network`,
  },
  {
    pattern: /Protocol not found/,
    kind: "other",
    of: "url",
    reason: (name) => `Cannot open ${name}: this ffmpeg does not know that kind of address`,
  },
  {
    pattern: /does not contain any stream|matches no streams|Is a directory/,
    kind: "other",
    reason: (name) => `Cannot show ${name}: there is no video in it`,
  },
  {
    pattern: /Invalid data found|moov atom not found/,
    kind: "other",
    reason: (name) => `Cannot show ${name}: it is no video, or damaged`,
  },
];

/** Tells in plain words why there is no picture. */
export function diagnose(source: Source, failure: Failure, system: System): Diagnosis {
  const name = source.kind === "test" ? "the test picture" : `"${describeSource(source)}"`;
  if (failure.stalled) return { kind: "other", reason: stallReason(source, name, failure) };
  const text = failure.lines.join("\n");
  for (const { pattern, kind, of, reason } of RULES) {
    if ((of === undefined || of === source.kind) && pattern.test(text)) {
      return { kind, reason: reason(name, system) };
    }
  }
  if (failure.hadFrames) return { kind: "other", reason: `The pictures of ${name} ended` };
  const last = failure.lines.findLast((line) => line.trim() !== "");
  const detail = last === undefined ? "ffmpeg ended without a word" : `ffmpeg says: ${last.trim()}`;
  return { kind: "other", reason: `Cannot open ${name}: ${detail}` };
}

function stallReason(source: Source, name: string, failure: Failure): string {
  if (failure.oversized > 0) {
    return `Only pictures of more than 7680x4320 pixels, or 4 bytes a pixel, come from ${name}`;
  }
  if (failure.damaged > 0) return `Only damaged pictures come from ${name}`;
  if (source.kind === "camera") {
    return `No pictures come from camera ${name}. Unplug it and plug it in again`;
  }
  return failure.hadFrames ? `No more pictures come from ${name}` : `No pictures come from ${name}`;
}
