import { UserError } from "../../errors.ts";
import { askFfmpeg, parseDshowDevices } from "../ffmpeg/devices.ts";
import type { Ffmpeg } from "../ffmpeg/setup.ts";

/** What ffmpeg opens a device with. */
export type SoundApi = "pulse" | "alsa" | "avfoundation" | "dshow";

/** A device that gives sound. */
export interface SoundDevice {
  /** What opens it. */
  readonly api: SoundApi;
  /** ffmpeg's name for it: `alsa_input.pci-0000_00_1f.3.analog-stereo`, `plughw:CARD=USB,DEV=0`, an index. */
  readonly device: string;
  /** Its name for people. */
  readonly name: string;
  /** Whether it is the system's default. */
  readonly isDefault: boolean;
  /** Whether it is what a loudspeaker plays, rather than a microphone. */
  readonly isMonitor: boolean;
}

/**
 * Lists the microphones of this machine, as ffmpeg finds them: those of PulseAudio or PipeWire where that runs,
 * else those of ALSA. What loudspeakers play comes last.
 *
 * @throws {UserError} ffmpeg cannot be started, or the sound server does not answer.
 */
export async function listSoundDevices(ffmpeg: Ffmpeg): Promise<SoundDevice[]> {
  const ask = async (...args: string[]) => (await askFfmpeg(ffmpeg, args)).text;
  switch (ffmpeg.system) {
    case "linux": {
      const { text: listed, isLate } = await askFfmpeg(ffmpeg, ["-sources", "pulse"]);
      if (isLate) {
        throw new UserError("The sound server does not answer. Restart PulseAudio or PipeWire");
      }
      return hasSoundServer(listed)
        ? parsePulseSources(listed)
        : parseAlsaSources(await ask("-sources", "alsa"));
    }
    case "darwin":
      return parseAvfoundationSound(
        await ask("-f", "avfoundation", "-list_devices", "true", "-i", ""),
      );
    case "windows":
      return parseDshowSound(await ask("-f", "dshow", "-list_devices", "true", "-i", "dummy"));
  }
}

/** Returns whether PulseAudio or PipeWire answered, by the output of `ffmpeg -sources pulse`. */
export function hasSoundServer(text: string): boolean {
  const [, error] = /^Cannot list sources: (.*?)\s*$/m.exec(text) ?? [];
  // ffmpeg's words for a server without sources: it takes the empty list for a lack of memory.
  const isListed = error === undefined || error === "Cannot allocate memory";
  return text.includes("Auto-detected sources for pulse") && isListed;
}

/** A line of `ffmpeg -sources`: `* NAME [DESCRIPTION] (none)`; the star marks the default. */
const SOURCE = /^([* ]) (\S+) \[(.*)\](?: \([^)]*\))?\s*$/gm;

/** Parses the output of `ffmpeg -sources pulse`. */
export function parsePulseSources(text: string): SoundDevice[] {
  const devices = [...text.matchAll(SOURCE)].map(([, mark, device, name]): SoundDevice => ({
    ...{ api: "pulse", device, name },
    ...{ isDefault: mark === "*", isMonitor: device.endsWith(".monitor") },
  }));
  return [
    ...devices.filter((each) => !each.isMonitor),
    ...devices.filter((each) => each.isMonitor),
  ];
}

/** Parses the output of `ffmpeg -sources alsa`, without its plug-ins and the many names of each card. */
export function parseAlsaSources(text: string): SoundDevice[] {
  return [...text.matchAll(SOURCE)]
    .filter(([, , device]) => device === "default" || device.startsWith("plughw:"))
    .map(([, , device, name]) => ({
      ...{ api: "alsa", device, name: name.replace(/ Hardware device with all.*$/, "") },
      ...{ isDefault: device === "default", isMonitor: false },
    }));
}

/** Parses the output of `ffmpeg -f avfoundation -list_devices true`. Its first microphone is the default. */
export function parseAvfoundationSound(text: string): SoundDevice[] {
  const [, sound = ""] = text.split(/AVFoundation audio devices:/);
  return [...sound.matchAll(/\] \[(\d+)\] (.*\S)\s*$/gm)].map(([, device, name], i) => ({
    ...{ api: "avfoundation", device, name, isDefault: i === 0, isMonitor: false },
  }));
}

/** Parses the output of `ffmpeg -f dshow -list_devices true`. Its first microphone is the default. */
export function parseDshowSound(text: string): SoundDevice[] {
  return parseDshowDevices(text, "audio").map(({ device, name }, i) => ({
    ...{ api: "dshow", device, name, isDefault: i === 0, isMonitor: false },
  }));
}

/** Returns the microphone for `auto`, which is never what a loudspeaker plays; `null` if there is none. */
export function defaultMicrophone(devices: readonly SoundDevice[]): SoundDevice | null {
  const microphones = devices.filter(({ isMonitor }) => !isMonitor);
  return microphones.find(({ isDefault }) => isDefault) ?? microphones[0] ?? null;
}

/** Returns the device with the given device, name, number or part of a name; `null` if there is none. */
export function findSoundDevice(
  devices: readonly SoundDevice[],
  wanted: string,
): SoundDevice | null {
  const text = wanted.toLowerCase();
  return devices.find(({ device }) => device === wanted) ??
    devices.find(({ name }) => name.toLowerCase() === text) ??
    (/^\d+$/.test(wanted) ? devices[Number(wanted)] : undefined) ??
    devices.find(({ name }) => name.toLowerCase().includes(text)) ?? null;
}
