import { parseAddress } from "../../source_address.ts";
import { type Address, addressInput } from "../ffmpeg/address_input.ts";
import { isWebAddress } from "../ffmpeg/source.ts";
import { soundOfStream } from "../relay/relay_address.ts";
import { LOW_DELAY } from "../ffmpeg/way_kinds.ts";

/** A way to read the sound of an address. */
export interface AddressSound {
  /** The arguments of ffmpeg's input. */
  readonly input: readonly string[];
  /** Whether it is the sound of another livestream, if that is what the address leads to: its positions are times. */
  readonly isRelayed: boolean;
}

/** Returns the ways to read the sound of an address that may be a livestream's, the likeliest first. */
export function pictureSounds(source: Address, isRecorded: boolean): AddressSound[] {
  const url = soundOfStream(source.url);
  const others = addressSounds(source, isRecorded).map((input) => ({ input, isRelayed: false }));
  if (url === null) return others;
  return [{ input: addressInput({ ...source, url }, LOW_DELAY), isRelayed: true }, ...others];
}

/**
 * Returns the ways to read the sound of an address, the likeliest first: the arguments of ffmpeg's input.
 *
 * @param isRecorded Whether it comes faster than real time, as a recording or a playlist does.
 */
export function addressSounds(source: Address, isRecorded: boolean): string[][] {
  const { scheme } = parseAddress(source.url)!;
  if (!scheme.startsWith("rtsp")) {
    return [addressInput(source, isRecorded && mayBeRecorded(source) ? ["-re"] : LOW_DELAY)];
  }
  // RTP over UDP would not be encrypted.
  const transports = scheme === "rtsps" ? ["tcp"] : ["tcp", "udp"];
  return transports.map((transport) => {
    const options = ["-rtsp_transport", transport, "-allowed_media_types", "audio"];
    return addressInput(
      source,
      [...LOW_DELAY, ...options],
      transport === "udp" ? ["rtp", "udp"] : [],
    );
  });
}

/** Returns whether the address can be that of a recording. */
export function mayBeRecorded(source: Address): boolean {
  return isWebAddress(source) || parseAddress(source.url)!.scheme === "ftp";
}
