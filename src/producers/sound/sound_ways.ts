import { FILE_OPTIONS } from "../ffmpeg/protocols.ts";
import type { SoundDevice } from "./sound_devices.ts";
import type { SoundSetup } from "./sound_input.ts";

/** An Opus encoder of ffmpeg. */
export type SoundEncoder = "libopus" | "opus";

/** The encoders to try, the better one first. */
export const ENCODERS: readonly SoundEncoder[] = ["libopus", "opus"];

/**
 * What every ffmpeg that reads sound begins with. `repeat` logs a repeated line each time, instead of "Last message
 * repeated 1 times".
 */
export const GLOBAL: readonly string[] = [
  "-hide_banner",
  "-nostdin",
  "-nostats",
  "-loglevel",
  "repeat+info",
];

/** Nothing has to be learned from the first samples of a device. */
const NO_PROBE = ["-probesize", "32", "-analyzeduration", "0", "-fflags", "nobuffer"];

/** Ten milliseconds of two channels of 16 bits at 48 kHz, in bytes. */
const FRAGMENT = 1920;

/** Samples between two reports of the level: 100 ms. */
const LEVEL_SAMPLES = 4800;

const LEVELS = `asetnsamples=n=${LEVEL_SAMPLES}:p=0,` +
  "astats=metadata=1:reset=1:measure_perchannel=none:measure_overall=Peak_level+RMS_level," +
  "ametadata=print,anullsink";

/** Returns the ways to open a device, the likeliest first: the arguments of ffmpeg's input. */
export function deviceInputs({ api, device }: Pick<SoundDevice, "api" | "device">): string[][] {
  switch (api) {
    case "pulse":
      return [[...NO_PROBE, "-f", "pulse", "-fragment_size", String(FRAGMENT), "-i", device]];
    case "alsa":
      return ["2", "1"].map((channels) => [
        ...[...NO_PROBE, "-f", "alsa", "-sample_rate", "48000", "-channels", channels],
        ...["-i", device],
      ]);
    case "avfoundation":
      return [[...NO_PROBE, "-f", "avfoundation", "-i", `:${device}`]];
    case "dshow":
      // The default buffer of most devices holds half a second.
      return [["-f", "dshow", "-audio_buffer_size", "20", "-i", `audio=${device}`]];
  }
}

/** Returns the arguments of ffmpeg's input that play a file in a loop, in real time. */
export function fileSound(path: string): string[] {
  return [...FILE_OPTIONS, "-re", "-stream_loop", "-1", "-i", `file:${path}`];
}

/**
 * Returns all of ffmpeg's arguments, with which it writes Opus packets of 20 ms in NUT to its standard output, and
 * levels to its standard error.
 *
 * @param input The arguments of its input.
 * @param keepsPositions Whether the positions of the input are kept, in Ogg in place of NUT.
 */
export function soundArgs(
  input: readonly string[],
  { bitRate, gain }: Pick<SoundSetup, "bitRate" | "gain">,
  encoder: SoundEncoder,
  keepsPositions = false,
): string[] {
  const filters = [
    "aformat=sample_rates=48000:channel_layouts=mono|stereo",
    // Counts samples: the times of devices jitter, and arrivals are stamped anyway.
    ...(keepsPositions ? [] : ["asetpts=N/SR/TB"]),
    ...gainFilters(gain),
  ];
  return [
    ...[...GLOBAL, ...(keepsPositions ? ["-copyts"] : []), ...input, ...filterArgs(filters)],
    ...encoderArgs(encoder, bitRate),
    // The index would grow until the end.
    ...(keepsPositions
      ? ["-f", "ogg", "-page_duration", "20000"]
      : ["-f", "nut", "-write_index", "0"]),
    ...["-flush_packets", "1", "pipe:1"],
  ];
}

/** Returns the filters that amplify sound. */
export function gainFilters(gain: number): string[] {
  return gain === 0 ? [] : [`volume=${gain}dB`, "alimiter=limit=0.97:level=disabled"];
}

/** Returns the arguments that make ffmpeg filter the input's first track of sound, and log its level. */
export function filterArgs(filters: readonly string[]): string[] {
  const graph = `[0:a:0]${filters.join(",")},asplit[sound][level];[level]${LEVELS}`;
  return ["-filter_complex", graph, "-map", "[sound]"];
}

/** Returns the arguments that make ffmpeg encode Opus packets of 20 ms. */
export function encoderArgs(encoder: SoundEncoder, bitRate: number): string[] {
  const codec = encoder === "libopus"
    ? ["libopus", "-frame_duration", "20"]
    : ["opus", "-strict", "-2", "-opus_delay", "20"];
  return ["-c:a", ...codec, "-b:a", String(bitRate)];
}
