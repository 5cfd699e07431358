import { messageOf } from "../../errors.ts";
import { showWord } from "../../source_address.ts";
import { nameSource } from "../ffmpeg/source_name.ts";
import { AddressInput } from "./address_input.ts";
import { RunInput, type SoundOpening } from "./run_input.ts";
import {
  defaultMicrophone,
  findSoundDevice,
  listSoundDevices,
  type SoundDevice,
} from "./sound_devices.ts";
import type { SoundFailure, SoundInput, SoundListener, SoundSetup } from "./sound_input.ts";
import type { SoundSource } from "./sound_source.ts";
import { deviceInputs, fileSound } from "./sound_ways.ts";

/** A source of sound that can be opened. */
export type OpenableSound = Exclude<SoundSource, { readonly kind: "off" }>;

/**
 * Opens a source of sound.
 *
 * @param onDevice Called just before ffmpeg is started on a device, with its name for the streamer.
 */
export function openInput(
  source: OpenableSound,
  setup: SoundSetup,
  listener: SoundListener,
  onDevice: (name: string) => void,
): SoundInput {
  if (source.kind === "url") return new AddressInput({ source, setup, listener });
  return new RunInput({ setup, listener, find: () => findOpening(source, setup, onDevice) });
}

async function findOpening(
  source: Exclude<OpenableSound, { readonly kind: "url" }>,
  setup: SoundSetup,
  onDevice: (name: string) => void,
): Promise<SoundOpening | SoundFailure> {
  if (source.kind === "file") {
    const { forStreamer: name } = nameSource(source);
    return { kind: "file", name, inputs: [fileSound(source.path)] };
  }
  try {
    const device = await findDevice(source, setup);
    if ("reason" in device) return device;
    onDevice(source.kind === "auto" ? `${device.name} (default)` : device.name);
    return { kind: "device", name: `microphone "${device.name}"`, inputs: deviceInputs(device) };
  } catch (error) {
    return { kind: "refused", reason: messageOf(error) };
  }
}

/** ALSA's names for devices, which can be opened without being listed: `hw:1,0`, `plughw:CARD=USB`. */
const ALSA_NAME = /^(?:plug|d?snoop|sys)?(?:hw|default)?:\S+$/;

async function findDevice(
  source: Extract<OpenableSound, { readonly kind: "auto" | "device" }>,
  { ffmpeg }: SoundSetup,
): Promise<SoundDevice | SoundFailure> {
  const devices = await listSoundDevices(ffmpeg);
  if (source.kind === "auto") {
    return defaultMicrophone(devices) ??
      { kind: "missing", reason: "No microphone is connected. Plug one in" };
  }
  const { device } = source;
  const found = findSoundDevice(devices, device);
  if (found !== null) return found;
  if (ffmpeg.system === "linux" && (ALSA_NAME.test(device) || device === "default")) {
    return { api: "alsa", device, name: device, isDefault: false, isMonitor: false };
  }
  return { kind: "missing", reason: noSuchMicrophone(device, devices) };
}

/** Returns the sentence for a microphone that does not exist, with a list of those that do. */
export function noSuchMicrophone(wanted: string, devices: readonly SoundDevice[]): string {
  const found = devices.length === 0
    ? "none is connected. Plug one in"
    : `there is ${devices.map(({ name }) => name).join(", ")}`;
  // It may be a mistyped address, whose password must stay hidden.
  return `Cannot find microphone "${showWord(wanted)}": ${found}`;
}
