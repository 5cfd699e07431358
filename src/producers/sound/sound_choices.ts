import type { SourceChoice } from "../source_choices.ts";
import { titleSource } from "../ffmpeg/source_name.ts";
import { soundArgument, type SoundSource } from "./sound_source.ts";
import type { SoundDevice } from "./sound_devices.ts";

/** The name of `auto` in a list. */
const AUTO_NAME = "default microphone";

/**
 * Gives sources of sound identifiers that a browser may see. Files and addresses can contain secrets, so they get a
 * number. So do devices that were never listed: such a text may be a mistyped address.
 */
export class SoundChoices {
  readonly #unnamed: string[] = [];
  /** Every device that was listed. */
  readonly #devices = new Set<string>();

  /** Returns the identifier of a source. A device gets another one when it is listed for the first time. */
  idOf(source: SoundSource): string {
    if (source.kind === "off" || source.kind === "auto") return source.kind;
    if (source.kind === "device" && this.#devices.has(source.device)) return source.device;
    const argument = soundArgument(source);
    const known = this.#unnamed.indexOf(argument);
    return unnamedChoice(known >= 0 ? known : this.#unnamed.push(argument) - 1);
  }

  /** Lists `off`, `auto`, the devices, and the used sources that are not among these. */
  list(devices: readonly SoundDevice[], used: readonly SoundSource[]): SourceChoice[] {
    const choices = new Map<string, string>([["off", "off"], ["auto", AUTO_NAME]]);
    for (const { device, name } of devices) {
      this.#devices.add(device);
      choices.set(device, name);
    }
    for (const source of used) {
      const id = this.idOf(source);
      if (!choices.has(id)) choices.set(id, soundTitle(source));
    }
    return [...choices].map(([source, name]) => ({ source, name }));
  }
}

/** Names a source for the streamer before it is opened; empty for none. */
export function soundTitle(source: SoundSource): string {
  switch (source.kind) {
    case "off":
      return "";
    case "auto":
      return AUTO_NAME;
    case "device":
      return titleSource({ kind: "camera", device: source.device }).forStreamer.replace(
        /^camera$/,
        "microphone",
      );
    default:
      return titleSource(source).forStreamer;
  }
}

/** Identifies a file or an address without revealing any of it. */
function unnamedChoice(index: number): string {
  return `sound ${index + 1}`;
}
