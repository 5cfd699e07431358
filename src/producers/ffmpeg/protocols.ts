const WEB = ["tls", "tcp", "crypto", "httpproxy"];

/**
 * The protocols that ffmpeg may use for a source, by the scheme of its address. No redirect, playlist
 * or session description of a camera can make ffmpeg use others, such as open a file or device of this
 * machine.
 */
const PROTOCOLS: ReadonlyMap<string, readonly string[]> = new Map([
  ["http", ["http", "https", ...WEB]],
  ["https", ["https", ...WEB]],
  // Frames come through the same connection, unless a camera cannot send by TCP.
  ["rtsp", ["rtsp", "tcp"]],
  ["rtsps", ["rtsps", "tls", "tcp"]],
  ["rtmp", ["rtmp", "tcp"]],
  ["rtmps", ["rtmps", "tls", "tcp"]],
  ["rtmpt", ["rtmpt", "ffrtmphttp", "http", "tcp"]],
  ["rtmpts", ["rtmpts", "ffrtmphttp", "https", "tls", "tcp"]],
  ["srt", ["srt"]],
  ["rist", ["rist"]],
  ["rtp", ["rtp", "udp"]],
  ["srtp", ["srtp", "rtp", "udp"]],
  ["udp", ["udp"]],
  ["tcp", ["tcp"]],
  ["tls", ["tls", "tcp"]],
  ["mmsh", ["mmsh", "http", "tcp"]],
  ["mmst", ["mmst", "tcp"]],
  ["ftp", ["ftp", "tcp"]],
]);

/** The schemes of addresses that can be sources. */
export const SCHEMES: readonly string[] = [...PROTOCOLS.keys()];

/**
 * Returns ffmpeg's input options that restrict an address to its protocols.
 *
 * @param scheme If it is not in {@linkcode SCHEMES}, no protocol is allowed.
 * @param more Additional protocols to allow.
 */
export function protocolOptions(scheme: string, more: readonly string[] = []): string[] {
  const protocols = PROTOCOLS.get(scheme);
  return ["-protocol_whitelist", protocols ? [...protocols, ...more].join(",") : "none"];
}

/** The same for a file: a playlist may refer to other files, but not to addresses. */
export const FILE_OPTIONS: readonly string[] = ["-protocol_whitelist", "file"];
