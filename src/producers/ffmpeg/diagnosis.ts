import type { SourceReason } from "../../live_messages.ts";
import { ffmpegPhrase } from "./ffmpeg_phrases.ts";
import { type Source, type System } from "./source.ts";
import { nameSource } from "./source_name.ts";
import type { Reason } from "./reason.ts";

/**
 * Kinds of reasons for a source without frames: `missing` (no such camera, file or address), `refused`
 * (no other way to open it would help: nothing listens, or a password is needed), `other`.
 */
export type FailureKind = "missing" | "refused" | "other";

/** Why a source has no frames. */
export interface Diagnosis {
  /** Decides what to try next. */
  readonly kind: FailureKind;
  /** Whether the reason is known, rather than quoted from ffmpeg. */
  readonly isKnown: boolean;
  /** What is wrong and what to do. Quotes nothing from the source, and from ffmpeg only its phrases. */
  readonly reason: Reason;
}

/** How an ffmpeg ended, or was ended because no frames came. */
export interface Failure {
  /** The last lines of its standard error, oldest first. */
  readonly lines: readonly string[];
  /** Whether there was a frame. */
  readonly hadFrames: boolean;
  /** Whether it was ended because no frame came in time. */
  readonly stalled: boolean;
  /** Whether the source sent anything. */
  readonly hadData: boolean;
  /** Whether it was ended because the source sent it to another host. */
  readonly astray: boolean;
  /** Whether it was ended because the source shows this program's own stream. */
  readonly isLoop?: boolean;
  /** Whether the address led to a web page. */
  readonly isPage?: boolean;
  /** Frames dropped as damaged. */
  readonly damaged: number;
  /** Frames dropped because they have too many pixels, or too many bytes for them. */
  readonly oversized: number;
}

interface Rule {
  readonly pattern: RegExp;
  readonly kind: FailureKind;
  /** The kind of source that it applies to; absent for all. */
  readonly of?: Source["kind"];
  /** What viewers may know of it; by default, what {@linkcode UNUSABLE} has for the kind of source. */
  readonly code?: SourceReason;
  /** What is wrong and what to do, given the source's name for the streamer. */
  readonly reason: (source: string, system: System) => string;
}

const PERMISSION_HELP: Readonly<Record<System, string>> = {
  linux: 'run "sudo usermod -aG video $USER", then log out and in again',
  darwin: "allow your terminal in System Settings, Privacy & Security, Camera",
  windows: "allow desktop apps in Settings, Privacy & security, Camera",
};

/** What viewers may know of a source that cannot be shown. */
const UNUSABLE: Readonly<Record<Source["kind"], SourceReason>> = {
  camera: "camera-unusable",
  file: "unavailable",
  test: "unavailable",
  url: "unavailable",
};

/** What viewers may know of a source that sends nothing. */
const SILENT: Readonly<Record<Source["kind"], SourceReason>> = {
  camera: "camera-silent",
  file: "unavailable",
  test: "unavailable",
  url: "network-camera-silent",
};

/** The first match counts, so the more specific rules come first. */
const RULES: readonly Rule[] = [
  {
    pattern:
      /proper format for codec|Could not set video options|not supported by the device|No such filter|[Ee]rror initializing filter 'drawtext'|valid font|Fontconfig error|Option \S+ not found/,
    kind: "other",
    reason: (source) => `Cannot open ${source}: it has no such picture size, rate or format`,
  },
  {
    pattern:
      /Device or resource busy|device (is )?already in use|used by another application|Could not run graph/i,
    kind: "refused",
    of: "camera",
    code: "camera-busy",
    reason: (source) => `Cannot open ${source}: another program is using it. Close that program`,
  },
  {
    pattern: /Permission denied|Operation not permitted|not authorized|access (was )?denied/i,
    kind: "refused",
    of: "camera",
    reason: (source, system) =>
      `Cannot open ${source}: no permission. To get it, ${PERMISSION_HELP[system]}`,
  },
  {
    pattern:
      /No such (file or directory|device)|device not found|Could not (find|enumerate) video dev|disconnected/i,
    kind: "missing",
    of: "camera",
    code: "camera-unplugged",
    reason: (source) => `${sentence(source)} is not connected. Plug it in`,
  },
  {
    pattern: /Inappropriate ioctl|Not a video capture device|Operation not supported/i,
    kind: "refused",
    of: "camera",
    reason: (source) => `Cannot open ${source}: it is not a camera`,
  },
  {
    pattern: /No such file or directory/,
    kind: "missing",
    of: "file",
    code: "file-missing",
    reason: (source) => `Cannot open ${source}: it does not exist`,
  },
  {
    pattern: /Permission denied/,
    kind: "refused",
    of: "file",
    reason: (source) => `Cannot open ${source}: no permission to read it`,
  },
  {
    pattern: /Protocol '\S+' not on whitelist/,
    kind: "refused",
    of: "url",
    reason: (source) => `Cannot show ${source}: ${ASTRAY}`,
  },
  {
    pattern: /Connection refused/,
    kind: "refused",
    of: "url",
    code: "network-camera-unreachable",
    reason: (source) => `Cannot open ${source}: nothing answers there. Start the sender`,
  },
  {
    pattern: /Failed to resolve hostname|Name or service not known/,
    kind: "refused",
    of: "url",
    code: "network-camera-unreachable",
    reason: (source) => `Cannot open ${source}: there is no host of that name. Check the address`,
  },
  {
    pattern: /40[13] (Unauthorized|Forbidden)|authorization failed|\b401\b.*Unauthorized/i,
    kind: "refused",
    of: "url",
    reason: (source) => `Cannot open ${source}: it asks for a user name and password`,
  },
  {
    pattern: /404 Not Found/,
    kind: "refused",
    of: "url",
    reason: (source) => `Cannot open ${source}: it has no such page. Check the address`,
  },
  {
    pattern: /timed out|No route to host|Network is unreachable|Host is down/i,
    kind: "refused",
    of: "url",
    code: "network-camera-unreachable",
    reason: (source) => `Cannot open ${source}: no answer. Check the address and the network`,
  },
  {
    pattern: /Protocol not found/,
    kind: "refused",
    of: "url",
    reason: (source) => `Cannot open ${source}: this ffmpeg does not support that kind of address`,
  },
  {
    pattern: /does not contain any stream|matches no streams|Is a directory/,
    kind: "other",
    reason: (source) => `Cannot show ${source}: there is no video in it`,
  },
  {
    pattern: /Invalid data found|moov atom not found/,
    kind: "other",
    reason: (source) => `Cannot show ${source}: it is not a video, or damaged`,
  },
];

const ASTRAY = "it sends this machine to another address, which is not followed";

/** ffmpeg's log when it runs out of memory for a picture, or when the first one has no size. */
const TOO_LARGE =
  /Cannot allocate memory|Failed to reallocate parser buffer|Video: mjpeg\b.*, none\b|dimensions not set/;

/** Returns in plain words why a source has no frames. */
export function diagnose(source: Source, failure: Failure, system: System): Diagnosis {
  const { forStreamer: name } = nameSource(source);
  const rule = ruleFor(source, failure);
  const code = rule?.code ?? UNUSABLE[source.kind];
  if (rule === null) {
    const forStreamer = `Cannot open ${name}: ${lastWords(failure)}`;
    return { kind: kindOfUnknown(source), isKnown: false, reason: { code, forStreamer } };
  }
  const { kind, reason } = rule;
  return { kind, isKnown: true, reason: { code, forStreamer: reason(name, system) } };
}

function ruleFor(
  source: Source,
  failure: Failure,
): Pick<Rule, "kind" | "code" | "reason"> | null {
  const { kind } = source;
  const { astray, isLoop, isPage, stalled, hadFrames, lines } = failure;
  if (isLoop) {
    return {
      kind: "refused",
      reason: (source) => `Cannot show ${source}: it shows this program's own stream`,
    };
  }
  if (isPage) {
    return {
      kind: "refused",
      reason: (source) => `Cannot show ${source}: it is a web page. Give the address of its video`,
    };
  }
  if (astray) return { kind: "refused", reason: (source) => `Cannot show ${source}: ${ASTRAY}` };
  if (kind === "url" && lines.some((line) => TOO_LARGE.test(line))) {
    return {
      kind: "refused",
      reason: (source) =>
        `Cannot show ${source}: it sends a picture that is damaged, too large, or never ends`,
    };
  }
  if (stalled) {
    return {
      kind: isSilent(source, failure) ? "refused" : kindOfUnknown(source),
      code: SILENT[kind],
      reason: (source) => stallReason(kind, source, failure),
    };
  }
  const text = lines.join("\n");
  const rule = RULES.find(({ pattern, of }) =>
    (of === undefined || of === kind) && pattern.test(text)
  );
  if (rule) return rule;
  if (!hadFrames) return null;
  return {
    kind: "other",
    code: kind === "file" ? "file-ended" : SILENT[kind],
    reason: (source) => `The pictures of ${source} ended`,
  };
}

/** ffmpeg draws the test picture itself, so only a missing filter is a reason for another way. */
function kindOfUnknown({ kind }: Source): FailureKind {
  return kind === "test" ? "refused" : "other";
}

/** Returns whether an address sent nothing, and not because of the wrong transport. */
function isSilent(source: Source, { hadData, lines }: Failure): boolean {
  if (source.kind !== "url" || hadData) return false;
  const isConnected = lines.some((line) => line.includes("Successfully connected"));
  return !(isConnected && /^rtsps?:/i.test(source.url));
}

function stallReason(kind: Source["kind"], source: string, failure: Failure): string {
  if (failure.oversized > 0) {
    return `Only pictures of more than 7680x4320 pixels, or 4 bytes a pixel, come from ${source}`;
  }
  if (failure.damaged > 0) return `Only damaged pictures come from ${source}`;
  if (kind === "camera") return `No pictures come from ${source}. Unplug it and plug it in again`;
  return failure.hadFrames
    ? `No more pictures come from ${source}`
    : `No pictures come from ${source}`;
}

/** Returns the reason that ffmpeg gave, for the streamer. */
function lastWords({ lines }: Failure): string {
  const phrase = lines.map(ffmpegPhrase).findLast((phrase) => phrase !== null);
  if (phrase) return `ffmpeg says: ${phrase}`;
  return lines.length === 0
    ? "ffmpeg ended without a message"
    : "ffmpeg gave a reason that is not known here";
}

/** Returns the text with a capital letter, to start a sentence. */
function sentence(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
