import { ffmpegPhrase } from "../ffmpeg/ffmpeg_phrases.ts";
import type { System } from "../ffmpeg/source.ts";
import type { SoundFailure } from "./sound_input.ts";
import type { SoundRunEnd } from "./sound_run.ts";

/** What a sentence about a source of sound needs. */
export interface SoundNaming {
  /** Names it within a sentence: `microphone "HD Webcam"`, `file "clip.mp4"`. */
  readonly name: string;
  /** What it is. */
  readonly kind: "device" | "url" | "file";
}

interface Rule {
  readonly pattern: RegExp;
  readonly of: readonly SoundNaming["kind"][];
  readonly kind: SoundFailure["kind"];
  readonly reason: (name: string, system: System) => string;
}

const PERMISSION_HELP: Readonly<Record<System, string>> = {
  linux: 'run "sudo usermod -aG audio $USER", then log out and in again',
  darwin: "allow your terminal in System Settings, Privacy & Security, Microphone",
  windows: "allow desktop apps in Settings, Privacy & security, Microphone",
};

/** The first match counts. */
const RULES: readonly Rule[] = [
  {
    pattern: /Unknown encoder 'opus'|Automatic encoder selection failed/,
    of: ["device", "url", "file"],
    kind: "refused",
    reason: () => "Cannot encode sound: this ffmpeg has no Opus encoder. Install one with libopus",
  },
  {
    pattern: /Unknown input format: '?(pulse|alsa|avfoundation|dshow)/,
    of: ["device"],
    kind: "refused",
    reason: (name) => `Cannot open ${name}: this ffmpeg cannot record sound. Install a full build`,
  },
  {
    pattern:
      /Device or resource busy|already in use|used by another application|Could not run graph/i,
    of: ["device"],
    kind: "refused",
    reason: (name) => `Cannot open ${name}: another program is using it. Close that program`,
  },
  {
    pattern: /Permission denied|Operation not permitted|not authorized|access (was )?denied/i,
    of: ["device"],
    kind: "refused",
    reason: (name, system) =>
      `Cannot open ${name}: no permission. To get it, ${PERMISSION_HELP[system]}`,
  },
  {
    // PulseAudio's library answers so if its server is not there.
    pattern: /: No such process|: Connection refused/,
    of: ["device"],
    kind: "missing",
    reason: (name) =>
      `Cannot open ${name}: no sound server is running. Start PulseAudio or PipeWire`,
  },
  {
    pattern: /No such (file or directory|device)|not found|Could not find audio|disconnected/i,
    of: ["device"],
    kind: "missing",
    reason: (name) => `${sentence(name)} is not connected. Plug it in`,
  },
  {
    pattern: /matches no streams|does not contain any stream/,
    of: ["url", "file"],
    kind: "refused",
    reason: (name) => `${sentence(name)} has no sound`,
  },
  {
    pattern: /No such file or directory/,
    of: ["file"],
    kind: "missing",
    reason: (name) => `Cannot open ${name}: it does not exist`,
  },
  {
    pattern: /Permission denied/,
    of: ["file"],
    kind: "refused",
    reason: (name) => `Cannot open ${name}: no permission to read it`,
  },
  {
    pattern: /40[13] (Unauthorized|Forbidden)|authorization failed/i,
    of: ["url"],
    kind: "refused",
    reason: (name) => `Cannot open ${name}: it asks for a user name and password`,
  },
  {
    pattern: /Failed to resolve hostname|Name or service not known/,
    of: ["url"],
    kind: "refused",
    reason: (name) => `Cannot open ${name}: there is no host of that name. Check the address`,
  },
  {
    pattern: /Connection refused|timed out|No route to host|Network is unreachable|Host is down/i,
    of: ["url"],
    kind: "refused",
    reason: (name) => `Cannot open ${name}: nothing answers there. Start the sender`,
  },
  {
    pattern: /Invalid data found|moov atom not found/,
    of: ["url", "file"],
    kind: "refused",
    reason: (name) => `Cannot play ${name}: it is no sound or video, or damaged`,
  },
];

/**
 * Returns in plain words why a source gives no sound. Quotes nothing from the source, and from ffmpeg only its
 * phrases.
 */
export function diagnoseSound(
  { name, kind }: SoundNaming,
  { startFailure, lines, hadPackets, stalled }: SoundRunEnd,
  system: System,
): SoundFailure {
  if (startFailure !== null) return { kind: "refused", reason: startFailure.message };
  if (stalled) {
    const help = kind === "device" ? ". Unplug it and plug it in again" : "";
    return { kind: "ended", reason: `No sound comes from ${name}${help}` };
  }
  const text = lines.join("\n");
  const rule = RULES.find(({ pattern, of }) => of.includes(kind) && pattern.test(text));
  if (rule) return { kind: rule.kind, reason: rule.reason(name, system) };
  if (hadPackets) return { kind: "ended", reason: `The sound of ${name} ended` };
  const phrase = lines.map(ffmpegPhrase).findLast((phrase) => phrase !== null);
  const words = phrase ? `ffmpeg says: ${phrase}` : "ffmpeg gave a reason that is not known here";
  return { kind: "refused", reason: `Cannot open ${name}: ${words}` };
}

/** Returns whether the run failed because this ffmpeg lacks the encoder. */
export function lacksEncoder({ lines }: SoundRunEnd): boolean {
  return lines.some((line) => /Unknown encoder '/.test(line));
}

/** Returns the text with a capital letter, to start a sentence. */
function sentence(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
