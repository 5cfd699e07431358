import { AddressRange } from "../net/address_range.ts";
import { isInLocalNetwork } from "../net/addresses.ts";
import { isIPv6, isUnspecified, parseIp } from "../net/ip_address.ts";

/** A local network in which the server is announced. */
export interface Network {
  /** Its range: `192.168.1.0/24`, or with any of its addresses. */
  readonly cidr: string;
  /** The IPv4 addresses of this machine in it; the first one sends. */
  readonly addresses: readonly string[];
}

/** The part of `Deno.NetworkInterfaceInfo` in use. */
export type NetworkInterface = Pick<
  Deno.NetworkInterfaceInfo,
  "name" | "family" | "address" | "cidr"
>;

/**
 * Returns the networks in which others can open the server: not those of VPNs and containers. Interfaces in
 * the same network, as with a cable and wireless, count as one, or each would contradict the other.
 *
 * @param host Where the server listens: an address, or a name, which is only this machine's.
 */
export function announcedNetworks(
  host: string,
  interfaces: readonly NetworkInterface[],
): Network[] {
  const listensEverywhere = isUnspecified(host);
  const networks: { cidr: string; range: AddressRange; addresses: string[] }[] = [];
  for (const one of interfaces) {
    const { family, address, cidr } = one;
    if (family !== "IPv4" || !isInLocalNetwork(one)) continue;
    if (!listensEverywhere && address !== host) continue;
    const range = AddressRange.parse(cidr);
    if (range === null) continue;
    const known = networks.find((network) => isIn(network.range, address));
    if (known) known.addresses.push(address);
    else networks.push({ cidr, range, addresses: [address] });
  }
  return networks.map(({ cidr, addresses }) => ({ cidr, addresses }));
}

/** Returns whether others can open a server that listens on this address at all. */
export function canBeAnnounced(host: string): boolean {
  const parsed = parseIp(host);
  if (parsed === null || parsed.range() === "loopback") return false;
  return isUnspecified(host) || !isIPv6(parsed);
}

function isIn(range: AddressRange, address: string): boolean {
  const parsed = parseIp(address);
  return parsed !== null && range.has(parsed);
}
