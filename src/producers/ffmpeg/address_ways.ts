import { parseAddress } from "../../source_address.ts";
import { type Address, addressInput } from "./address_input.ts";
import type { Findings } from "./findings.ts";
import { isWebAddress, type Mode } from "./source.ts";
import type { Way } from "./way.ts";
import {
  copying,
  encoding,
  fieldOrder,
  isCopyable,
  isMjpeg,
  LOW_DELAY,
  passing,
  pollingWays,
  redrawing,
  WHOLE_PROBE,
} from "./way_kinds.ts";

/** Returns the ways to open an address, the likeliest first; see `waysFor`. */
export function addressWays(source: Address, mode: Mode, findings: Findings): Way[] {
  const { scheme } = parseAddress(source.url)!;
  if (scheme.startsWith("rtsp")) return rtspWays(source, scheme, mode, findings);
  // A camera that sends JPEGs as they are lies about the shape of its pixels as often as not.
  const known = findings.isRaw ? { ...findings, isDistorted: false } : findings;
  const look = { ...redrawing(known), isSquare: known.isRaw };
  const isFetched = isWebAddress(source) || scheme === "ftp";
  if (known.isStill && isFetched) {
    return pollingWays(addressInput(source, WHOLE_PROBE), mode, known);
  }
  // A recording would be over in no time. Live video must not wait: it would get later and later.
  const isPaced = isFetched && (known.isRecorded ?? !known.isRaw);
  const pace = isPaced ? "paced " : "";
  // Low delay costs the frames of the probe, which may be all frames of a short recording.
  const input = addressInput(source, [...fieldOrder(known), ...(isPaced ? ["-re"] : LOW_DELAY)]);
  const encode = encoding(`${pace}encode`, input, mode, look, "report");
  const bytes = isByteStream(scheme) && known.isRaw !== false
    ? [passing((format) => addressInput(source, [...LOW_DELAY, ...format]))]
    : [];
  if (!isMjpeg(known, isWebAddress(source))) {
    return known.codec === undefined ? [encode, ...bytes] : [encode];
  }
  if (known.codec === undefined) return [...bytes, encode];
  const copy = copying(`${pace}copy`, input, "report");
  if (isCopyable(known)) return [...(known.isRaw ? bytes : []), copy, encode];
  if (!known.isRaw) return [encode];
  // Without the fields of the probe, the second field of one frame might be the first one of a pair.
  const jpegs = addressInput(source, [...(known.fields ? [] : LOW_DELAY), "-f", "mjpeg"]);
  const search = encoding("search and encode", jpegs, mode, look, "none");
  return known.fields ? [search] : [encode, search];
}

/** Whether ffmpeg reads the address as one long run of bytes, so that it may be raw JPEGs. */
function isByteStream(scheme: string): boolean {
  return ["http", "https", "tcp", "tls", "udp"].includes(scheme);
}

/** TCP loses nothing. But some cameras do not send by TCP, or accept it and then send nothing. */
function rtspWays(
  source: Address,
  scheme: string,
  mode: Mode,
  findings: Findings,
): Way[] {
  // RTP by UDP would not be encrypted.
  const transports = scheme === "rtsps" ? ["tcp"] : ["tcp", "udp"];
  return transports.flatMap((transport) => {
    const protocols = transport === "udp" ? ["rtp", "udp"] : [];
    const options = [...LOW_DELAY, "-rtsp_transport", transport];
    const input = addressInput(source, options, protocols);
    const copy = copying(`${transport} copy`, input, "report");
    const encode = encoding(`${transport} encode`, input, mode, {}, "report");
    return isMjpeg(findings, false) && isCopyable(findings) ? [copy, encode] : [encode];
  });
}
