import { parseAddress } from "../../source_address.ts";
import { type Address, addressInput } from "../ffmpeg/address_input.ts";
import { isWebAddress } from "../ffmpeg/source.ts";
import { LOW_DELAY } from "../ffmpeg/way_kinds.ts";

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
