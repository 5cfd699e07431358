import { FfmpegProcess } from "./ffmpeg.ts";
import type { Ffmpeg } from "./setup.ts";
import type { System } from "./source.ts";

/** A camera that ffmpeg found. */
export interface Camera {
  /** ffmpeg's name for it: `/dev/video0`, an index, a DirectShow name. */
  readonly device: string;
  /** Its name for people. */
  readonly name: string;
}

/** Limit for ffmpeg, which may hang on a device that does not respond. Milliseconds. */
const ANSWER_TIMEOUT_MS = 5_000;

const LIST_ARGS: Readonly<Record<System, readonly string[]>> = {
  linux: ["-sources", "v4l2"],
  darwin: ["-f", "avfoundation", "-list_devices", "true", "-i", ""],
  windows: ["-f", "dshow", "-list_devices", "true", "-i", "dummy"],
};

const PARSERS: Readonly<Record<System, (text: string) => Camera[]>> = {
  linux: parseV4l2Sources,
  darwin: parseAvfoundationDevices,
  windows: parseDshowDevices,
};

/**
 * Lists the cameras of this machine, as ffmpeg finds them.
 *
 * @returns In the system's order; empty when there is none.
 * @throws {UserError} ffmpeg cannot be started.
 */
export async function listCameras(ffmpeg: Ffmpeg): Promise<Camera[]> {
  const { system } = ffmpeg;
  const cameras = PARSERS[system]((await askFfmpeg(ffmpeg, LIST_ARGS[system])).text);
  if (system !== "linux") return cameras;
  const isCamera = await Promise.all(cameras.map(async ({ device, name }) => {
    // A UVC camera has a second device for its metadata, which some versions of ffmpeg list too.
    const isUnique = cameras.filter((other) => other.name === name).length === 1;
    return isUnique || givesPictures((await askFfmpeg(ffmpeg, formatsArgs(device))).text);
  }));
  return cameras.filter((_, i) => isCamera[i]);
}

/** What an ffmpeg wrote that was asked something. */
export interface FfmpegAnswer {
  /** Everything. */
  readonly text: string;
  /** Whether it was ended because it took too long. */
  readonly isLate: boolean;
}

/**
 * Runs ffmpeg to its end, for 5 s at most, and returns everything that it writes.
 *
 * @param signal Ends it early.
 * @throws {UserError} It cannot be started.
 */
export async function askFfmpeg(
  ffmpeg: Ffmpeg,
  args: readonly string[],
  signal?: AbortSignal,
): Promise<FfmpegAnswer> {
  const decoder = new TextDecoder();
  let output = "";
  const errors: string[] = [];
  const process = new FfmpegProcess({
    ffmpeg,
    args: ["-hide_banner", "-nostdin", ...args],
    onData: (chunk) => {
      output += decoder.decode(chunk, { stream: true });
    },
    onLine: (line) => errors.push(line),
  });
  let isLate = false;
  const timer = setTimeout(() => {
    isLate = true;
    process.kill();
  }, ANSWER_TIMEOUT_MS);
  const kill = () => process.kill();
  signal?.addEventListener("abort", kill);
  if (signal?.aborted) kill();
  const { startFailure } = await process.ended;
  signal?.removeEventListener("abort", kill);
  clearTimeout(timer);
  if (startFailure !== null) throw startFailure;
  return { text: [output, ...errors].join("\n"), isLate };
}

function formatsArgs(device: string): string[] {
  return ["-f", "v4l2", "-list_formats", "all", "-i", device];
}

/** What ffmpeg logs about a device that it can open but that is no camera. */
const NO_PICTURES =
  /Immediate exit requested|Inappropriate ioctl for device|Not a video capture device/;

/**
 * Returns whether a device gives pictures, by the output of `ffmpeg -f v4l2 -list_formats all`. A
 * device that cannot be opened counts as one that does.
 */
export function givesPictures(text: string): boolean {
  const hasFormats = /\] (?:Raw|Compressed) *:/.test(text);
  return hasFormats || !NO_PICTURES.test(text);
}

/** Parts of a Raspberry Pi that report to be capture devices but are no cameras. */
const NO_CAMERA = /^(bcm2835-(isp|codec)|pispbe|rp1-cfe|rpi-hevc|rpivid|unicam)/;

/** Parses the output of `ffmpeg -sources v4l2`: lines such as `* /dev/video0 [HD Webcam] (none)`. */
export function parseV4l2Sources(text: string): Camera[] {
  const cameras: Camera[] = [];
  for (const [, device, name] of text.matchAll(/^[* ] (\/\S+) \[(.*)\](?: \([^)]*\))?\s*$/gm)) {
    if (!NO_CAMERA.test(name)) cameras.push({ device, name });
  }
  const number = ({ device }: Camera) => Number(/\d+$/.exec(device)?.[0] ?? 0);
  return cameras.sort((one, other) => number(one) - number(other));
}

/** Parses the output of `ffmpeg -f avfoundation -list_devices true`, without screens and sound. */
export function parseAvfoundationDevices(text: string): Camera[] {
  const [, video = ""] = text.split(/AVFoundation video devices:/);
  const [cameras] = video.split(/AVFoundation audio devices:/);
  return [...cameras.matchAll(/\] \[(\d+)\] (.*\S)\s*$/gm)]
    .map(([, device, name]) => ({ device, name }))
    .filter(({ name }) => !/^Capture screen \d+$/.test(name));
}

/**
 * Parses the output of `ffmpeg -f dshow -list_devices true`, which groups devices by kind before
 * ffmpeg 5 and marks each with its kind since. A name opens the first camera of that name; the others
 * are opened by their alternative names.
 *
 * @param wanted The kind of device to return.
 */
export function parseDshowDevices(text: string, wanted: "video" | "audio" = "video"): Camera[] {
  const cameras: Camera[] = [];
  let group = "";
  let isTwin = false;
  for (const line of text.split(/\r?\n/)) {
    const heading = /DirectShow (video|audio) devices/.exec(line);
    if (heading) group = heading[1];
    const [, other] = /Alternative name "(.*)"\s*$/.exec(line) ?? [];
    if (other !== undefined && isTwin) cameras.push({ ...cameras.pop()!, device: other });
    const device = /\]\s+"([^"]*)"(?: \(([a-z, ]+)\))?\s*$/.exec(line);
    if (!device || line.includes("Alternative name")) continue;
    const [, name, kinds = group] = device;
    const isWanted = kinds.includes(wanted);
    isTwin = isWanted && cameras.some((camera) => camera.name === name);
    if (isWanted) cameras.push({ device: name, name });
  }
  return cameras;
}

/**
 * Returns the camera with the given device, name, both together, number or part of a name; null if
 * there is none.
 */
export function findCamera(cameras: readonly Camera[], wanted: string): Camera | null {
  const text = wanted.toLowerCase();
  return cameras.find(({ device }) => device === wanted) ??
    cameras.find((camera) => isNamed(camera, wanted)) ??
    (/^\d+$/.test(wanted) ? cameras[Number(wanted)] : undefined) ??
    cameras.find(({ name }) => name.toLowerCase().includes(text)) ?? null;
}

/** Returns whether a text is a camera's whole name, with or without its device. */
export function isNamed(camera: Camera, text: string): boolean {
  const names = [camera.name, describeCamera(camera)];
  return names.some((name) => name.toLowerCase() === text.toLowerCase());
}

/** Names a camera to the streamer: `Fake Webcam (/dev/video0)`; without its device if that is its name. */
export function describeCamera({ device, name }: Camera): string {
  return device === name ? name : `${name} (${device})`;
}

/** Names cameras in one line: `Fake Webcam (/dev/video0), HD Webcam (/dev/video2)`. */
export function describeCameras(cameras: readonly Camera[]): string {
  return cameras.map(describeCamera).join(", ");
}
