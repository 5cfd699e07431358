import { BlockList, isIPv4, isIPv6 } from "node:net";

/** Networks of RFC 6890 and its successors that are not reachable over the Internet. */
const INSIDE = new BlockList();
for (
  const [network, bits] of [
    ["0.0.0.0", 8],
    ["10.0.0.0", 8],
    ["100.64.0.0", 10],
    ["127.0.0.0", 8],
    ["169.254.0.0", 16],
    ["172.16.0.0", 12],
    ["192.0.0.0", 24],
    ["192.168.0.0", 16],
    ["198.18.0.0", 15],
    ["224.0.0.0", 3],
  ] as const
) INSIDE.addSubnet(network, bits, "ipv4");

/** Global unicast (RFC 4291), without Teredo and 6to4, whose addresses contain an IPv4 address. */
const OUTSIDE = new BlockList();
OUTSIDE.addSubnet("2000::", 3, "ipv6");
const TUNNELS = new BlockList();
TUNNELS.addSubnet("2001::", 32, "ipv6");
TUNNELS.addSubnet("2002::", 16, "ipv6");

/**
 * Watches where ffmpeg connects to, by the log that it writes at level `verbose`. No redirect,
 * playlist or host name with a changing address may lead it to hosts that only this machine or its
 * network can reach.
 *
 * The first connection goes where the streamer wants. Later ones may go to the same addresses, and
 * from one Internet host to another, as the playlists of large sites do.
 */
export class ConnectionWatch {
  readonly #known = new Set<string>();
  #isConnected = false;

  /**
   * Reads a line of ffmpeg's standard error.
   *
   * @returns Whether ffmpeg connects where it must not.
   */
  isAstray(line: string): boolean {
    const [, event, address] =
      /(Starting connection attempt|Successfully connected) to (\S+) port \d+\s*$/.exec(line) ?? [];
    if (event === undefined) return false;
    if (event.startsWith("Successfully")) this.#isConnected = true;
    if (this.#known.has(address)) return false;
    const isAllowed = !this.#isConnected ||
      (isOutside(address) && [...this.#known].every(isOutside));
    if (isAllowed) this.#known.add(address);
    return !isAllowed;
  }
}

function isOutside(address: string): boolean {
  if (isIPv4(address)) return !INSIDE.check(address, "ipv4");
  return isIPv6(address) && OUTSIDE.check(address, "ipv6") && !TUNNELS.check(address, "ipv6");
}
