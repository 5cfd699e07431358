const WEB = ["tls", "tcp", "crypto", "httpproxy"];

/**
 * The protocols that ffmpeg may use for a source, by the scheme of its address. Whatever a camera
 * sends, be it a redirect, a playlist or a session description, leads to none but these: to no file
 * of this machine, and to no device.
 */
const PROTOCOLS: ReadonlyMap<string, readonly string[]> = new Map([
  ["http", ["http", "https", ...WEB]],
  ["https", ["https", ...WEB]],
  // Pictures come through the same connection, unless a camera does not send by TCP.
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

/** The schemes of addresses that can be a source. */
export const SCHEMES: readonly string[] = [...PROTOCOLS.keys()];

/**
 * Returns ffmpeg's input options that hold an address to its protocols.
 *
 * @param scheme One that is not in {@linkcode SCHEMES} gets no protocol at all.
 * @param more Protocols that are allowed besides.
 */
export function protocolOptions(scheme: string, more: readonly string[] = []): string[] {
  const protocols = PROTOCOLS.get(scheme);
  return ["-protocol_whitelist", protocols ? [...protocols, ...more].join(",") : "none"];
}

/** The same for a file: a playlist leads to other files, but not into the network. */
export const FILE_OPTIONS: readonly string[] = ["-protocol_whitelist", "file"];
