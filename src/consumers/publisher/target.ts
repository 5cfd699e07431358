import { parseHttpUrl } from "../../net/http_url.ts";
import { type Address, encodeAddress, parseAddress, showAddress } from "../../source_address.ts";

/** How ffmpeg publishes. */
export type PublishProtocol = "rtmp" | "rtsp" | "srt" | "whip";

/** Where the program can be published to. Each kind has a `Publication` of its own, see app/publishing.ts. */
export type PublishTarget = StreamTarget | UploadTarget | FolderTarget;

/** A folder of another server, which takes the files of HLS by PUT. */
export interface UploadTarget {
  /** By requests. */
  readonly kind: "upload";
  /** Ends with a slash; may hold a password. */
  readonly url: URL;
}

/** A folder, into which the files of HLS are written. */
export interface FolderTarget {
  /** By a thread that may use it. */
  readonly kind: "folder";
  /** As it was given. */
  readonly path: string;
}

/** A server that an ffmpeg sends the program to. */
export interface StreamTarget {
  /** By an ffmpeg. */
  readonly kind: "ffmpeg";
  /** How. */
  readonly protocol: PublishProtocol;
  /** The address for ffmpeg: it may hold a stream key. */
  readonly url: string;
  /** What may be shown of it. */
  readonly name: string;
}

/** The addresses of a {@linkcode StreamTarget}, in words. */
export const STREAM_TARGETS: string =
  "an address that begins with rtmp://, rtmps://, rtsp:// or srt://, or with https:// and ends with /whip";

/** All that {@linkcode parseTarget} takes, in words. */
export const TARGETS: string = `${STREAM_TARGETS}; for HLS, an address that begins with https:// ` +
  "and ends with / (no IPv6), or a folder such as /var/www/live or ./live, without blanks";

const PROTOCOLS: Readonly<Record<string, PublishProtocol>> = {
  rtmp: "rtmp",
  rtmps: "rtmp",
  rtsp: "rtsp",
  srt: "srt",
};

const MAX_LENGTH = 1_000;

/** A path that is no word of another kind, such as a stream key. */
const PATH = /^(?:\/|\.\.?(?:\/|$))/;
/** The same on Windows: with a drive, or with the other slash. */
const WINDOWS_PATH = /^(?:[a-z]:)?(?:[\\/]|\.\.?(?:[\\/]|$))/i;

/**
 * Returns the target of an address; `null` if it is none.
 *
 * @param isWindows Whether paths are those of Windows. Default: as here.
 */
export function parseTarget(
  text: string,
  isWindows = Deno.build.os === "windows",
): PublishTarget | null {
  // Control characters and blanks mean something to ffmpeg's protocols, and are no part of an address.
  if (text.length > MAX_LENGTH || /[\s\p{Cc}]/u.test(text)) return null;
  if ((isWindows ? WINDOWS_PATH : PATH).test(text)) return { kind: "folder", path: text };
  const url = /^https?:.*\/$/i.test(text) ? parseHttpUrl(text) : null;
  if (url && url.search === "" && url.hash === "" && !/\/whip\/$/.test(url.pathname)) {
    return { kind: "upload", url };
  }
  const address = parseAddress(text);
  if (!address || /^(?::|$)/.test(address.host)) return null;
  const protocol = protocolOf(address);
  if (protocol === null) return null;
  return { kind: "ffmpeg", protocol, url: encodeAddress(address), name: showAddress(address) };
}

function protocolOf({ scheme, rest }: Address): PublishProtocol | null {
  if (/^https?$/.test(scheme)) return /\/whip\/?(?:[?#]|$)/.test(rest) ? "whip" : null;
  return Object.hasOwn(PROTOCOLS, scheme) ? PROTOCOLS[scheme] : null;
}
