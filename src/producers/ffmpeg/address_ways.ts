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
  // Cameras that send plain JPEGs often claim a wrong pixel shape.
  const known = findings.isRaw ? { ...findings, isDistorted: false } : findings;
  const look = { ...redrawing(known), isSquare: known.isRaw };
  const isFetched = isWebAddress(source) || scheme === "ftp";
  if (known.isStill && isFetched) {
    return pollingWays(addressInput(source, WHOLE_PROBE), mode, known);
  }
  // Unpaced, a recording would be over in no time. Paced, live video would lag further and further.
  const isPaced = isFetched && (known.isRecorded ?? !known.isRaw);
  const pace = isPaced ? "paced " : "";
  // Low delay drops the frames of the probe, which may be all frames of a short recording.
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
  // If the probe dropped a field, the fields of different frames would be paired.
  const jpegs = addressInput(source, [...(known.fields ? [] : LOW_DELAY), "-f", "mjpeg"]);
  const search = encoding("search and encode", jpegs, mode, look, "none");
  return known.fields ? [search] : [encode, search];
}

/** Returns whether ffmpeg reads the address as a plain byte stream, which may be raw JPEGs. */
function isByteStream(scheme: string): boolean {
  return ["http", "https", "tcp", "tls", "udp"].includes(scheme);
}

/** TCP comes first: it loses nothing, but some cameras refuse it, or accept it and send nothing. */
function rtspWays(
  source: Address,
  scheme: string,
  mode: Mode,
  findings: Findings,
): Way[] {
  // RTP over UDP would not be encrypted.
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
