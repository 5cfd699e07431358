import { currentSystem, type System } from "./source.ts";
import { startFailure } from "./start_failure.ts";

/** A camera that ffmpeg found. */
export interface Camera {
  /** What ffmpeg calls it: `/dev/video0`, an index, a DirectShow name. */
  readonly device: string;
  /** What people call it. */
  readonly name: string;
}

/** ffmpeg may wait on a device that does not answer. */
const LIST_TIMEOUT_MS = 5_000;

const LIST_ARGS: Readonly<Record<System, readonly string[]>> = {
  linux: ["-hide_banner", "-sources", "v4l2"],
  darwin: ["-hide_banner", "-f", "avfoundation", "-list_devices", "true", "-i", ""],
  windows: ["-hide_banner", "-f", "dshow", "-list_devices", "true", "-i", "dummy"],
};

const PARSERS: Readonly<Record<System, (text: string) => Camera[]>> = {
  linux: parseV4l2Sources,
  darwin: parseAvfoundationDevices,
  windows: parseDshowDevices,
};

/**
 * Asks ffmpeg for the cameras of this machine.
 *
 * @param ffmpeg The program's path or name.
 * @returns In the system's order; empty when there is none.
 * @throws {UserError} ffmpeg cannot be started.
 */
export async function listCameras(ffmpeg: string, system = currentSystem()): Promise<Camera[]> {
  const command = new Deno.Command(ffmpeg, {
    args: [...LIST_ARGS[system]],
    stdin: "null",
    stdout: "piped",
    stderr: "piped",
    signal: AbortSignal.timeout(LIST_TIMEOUT_MS),
  });
  try {
    const { stdout, stderr } = await command.output();
    const decoder = new TextDecoder();
    return PARSERS[system](`${decoder.decode(stdout)}\n${decoder.decode(stderr)}`);
  } catch (error) {
    throw startFailure(error, ffmpeg, system);
  }
}

/** Parts of a Raspberry Pi that are capture devices by the letter, and no cameras. */
const NO_CAMERA = /^(bcm2835-(isp|codec)|pispbe|rp1-cfe|rpi-hevc|rpivid|unicam)/;

/** Reads `ffmpeg -sources v4l2`: lines such as `* /dev/video0 [HD Webcam] (none)`. */
export function parseV4l2Sources(text: string): Camera[] {
  const cameras: Camera[] = [];
  for (const [, device, name] of text.matchAll(/^[* ] (\/\S+) \[(.*)\](?: \([^)]*\))?\s*$/gm)) {
    if (!NO_CAMERA.test(name)) cameras.push({ device, name });
  }
  const number = ({ device }: Camera) => Number(/\d+$/.exec(device)?.[0] ?? 0);
  return cameras.sort((one, other) => number(one) - number(other));
}

/** Reads `ffmpeg -f avfoundation -list_devices true`; leaves out screens and microphones. */
export function parseAvfoundationDevices(text: string): Camera[] {
  const [, video = ""] = text.split(/AVFoundation video devices:/);
  const [cameras] = video.split(/AVFoundation audio devices:/);
  return [...cameras.matchAll(/\] \[(\d+)\] (.*\S)\s*$/gm)]
    .map(([, device, name]) => ({ device, name }))
    .filter(({ name }) => !/^Capture screen \d+$/.test(name));
}

/** Reads `ffmpeg -f dshow -list_devices true`, which groups by kind before ffmpeg 5 and marks it since. */
export function parseDshowDevices(text: string): Camera[] {
  const cameras: Camera[] = [];
  let group = "";
  for (const line of text.split(/\r?\n/)) {
    const heading = /DirectShow (video|audio) devices/.exec(line);
    if (heading) group = heading[1];
    const device = /\]\s+"([^"]*)"(?: \(([a-z, ]+)\))?\s*$/.exec(line);
    if (!device || line.includes("Alternative name")) continue;
    const [, name, kinds = group] = device;
    if (kinds.includes("video")) cameras.push({ device: name, name });
  }
  return cameras;
}

/** The camera that the user means by a number, a device or a name, or null. */
export function findCamera(cameras: readonly Camera[], wanted: string): Camera | null {
  const text = wanted.toLowerCase();
  return cameras.find(({ device }) => device === wanted) ??
    cameras.find(({ name }) => name.toLowerCase() === text) ??
    (/^\d+$/.test(wanted) ? cameras[Number(wanted)] : undefined) ??
    cameras.find(({ name }) => name.toLowerCase().includes(text)) ?? null;
}

/** The cameras in one line: `Fake Webcam (/dev/video0), HD Webcam (/dev/video2)`. */
export function describeCameras(cameras: readonly Camera[]): string {
  return cameras.map(({ device, name }) => device === name ? name : `${name} (${device})`)
    .join(", ");
}
