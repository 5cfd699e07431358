import {
  hostInUrl,
  isIPv6,
  isLinkLocal,
  isLoopback,
  isUnspecified,
  parseIp,
} from "./ip_address.ts";

/**
 * Who can open an address: this machine only, the local network, members of a VPN, or programs in a
 * virtual network.
 */
export type Reach = "machine" | "network" | "vpn" | "virtual";

/** An address at which viewers can open the page. */
export interface ViewerAddress {
  /** Ends with a slash. */
  readonly url: string;
  /** Who can open it. */
  readonly reach: Reach;
  /** The name of a VPN's interface. */
  readonly interface?: string;
}

/** The part of `Deno.NetworkInterfaceInfo` in use. */
export type NetworkInterface = Pick<Deno.NetworkInterfaceInfo, "name" | "family" | "address">;

/** Where a server listens. */
export interface ListeningAt {
  /** An address, a name, or `0.0.0.0` or `::` for all addresses. */
  readonly host: string;
  /** The actual port, never 0. */
  readonly port: number;
  /** Whether it answers over HTTPS only. */
  readonly isSecure: boolean;
  /** The path of the page, which begins and ends with `/`. Default: `/`. */
  readonly basePath?: string;
  /** The network interfaces. Default: those of this machine. */
  readonly interfaces?: readonly NetworkInterface[];
}

/** Bridges of containers and virtual machines; a phone on the network cannot reach them. */
const VIRTUAL =
  /^(docker|br-|bridge|veth|virbr|lxc|lxd|cni|flannel|cali|podman|vmnet|vboxnet|vethernet|vmware|virtualbox)/i;

/** Names of VPN interfaces on Linux, macOS and Windows; only members of the VPN reach them. */
const VPN =
  /^(tailscale|wg|wireguard|tun|tap|utun|zt|zerotier|feth|ppp|ipsec|gpd|nordlynx|proton|mullvad|openvpn|cscotun|cisco anyconnect|fortinet|pangp|hamachi|ham\d|nebula|wt\d|netbird|cloudflarewarp|warp|vpn)|vpn\b|\b(tap-windows|wintun)/i;

/** Wired and wireless interfaces. */
const LOCAL = /^(en|eth|wl|em\d|wi-?fi|ethernet|wlan|lan|br\d|bond|team)/i;

/**
 * Returns every address at which viewers can open the page: first those of local networks, then of VPNs,
 * of virtual networks, and of this machine itself. Local networks with a usual interface and address come
 * first; otherwise the system's order holds. An interface is listed by its IPv4 address, which people can
 * type; IPv6 addresses are listed only if no interface has an IPv4 address.
 */
export function viewerAddresses(listeningAt: ListeningAt): ViewerAddress[] {
  const { host, port, isSecure, basePath = "/" } = listeningAt;
  const at = (name: string, reach: Reach): ViewerAddress => ({
    url: urlOf(isSecure ? "https" : "http", name, port) + basePath.slice(1),
    reach,
  });
  if (host === "localhost" || isLoopback(host)) return [at(host, "machine")];
  if (!isUnspecified(host)) return [at(host, "network")];

  const { interfaces = Deno.networkInterfaces() } = listeningAt;
  const all = isIPv6(parseIp(host))
    ? interfaces
    : interfaces.filter(({ family }) => family === "IPv4");
  const reachable = all.filter(isReachable);
  const typed = reachable.filter(({ family }) => family === "IPv4");
  const usable = typed.length > 0 ? typed : reachable;
  const ofReach = (reach: Reach) => usable.filter((one) => reachOf(one) === reach);
  const local = ofReach("network").sort((a, b) => strangeness(a) - strangeness(b));
  return [
    ...local.map(({ address }) => at(address, "network")),
    ...ofReach("vpn").map(({ address, name }) => ({ ...at(address, "vpn"), interface: name })),
    ...ofReach("virtual").map(({ address }) => at(address, "virtual")),
    at("localhost", "machine"),
  ];
}

/**
 * Returns the addresses and, after those of local networks, one by the machine's name in them: a name comes
 * last because some devices cannot look it up.
 */
export function withNamedAddress(
  addresses: readonly ViewerAddress[],
  url: string | null,
): ViewerAddress[] {
  const count = addresses.findLastIndex(({ reach }) => reach === "network") + 1;
  if (url === null || count === 0) return [...addresses];
  return addresses.toSpliced(count, 0, { url, reach: "network" });
}

/** Returns the address at which other devices most likely reach the page; `null` if none can. */
export function sharedAddress(addresses: readonly ViewerAddress[]): ViewerAddress | null {
  return addresses.find(({ reach }) => reach === "network") ??
    addresses.find(({ reach }) => reach === "vpn") ?? null;
}

/** Returns the address for a browser on this machine, which its own firewall least likely blocks. */
export function ownAddress(addresses: readonly ViewerAddress[]): ViewerAddress | null {
  return addresses.find(({ reach }) => reach === "machine") ?? addresses[0] ?? null;
}

/** Returns whether devices of a local network can connect to this address: not only a VPN's or containers. */
export function isInLocalNetwork(one: NetworkInterface): boolean {
  return isReachable(one) && reachOf(one) === "network";
}

function reachOf({ name, address }: NetworkInterface): Reach {
  if (VIRTUAL.test(name)) return "virtual";
  // Carrier-grade NAT (RFC 6598): no home network uses these addresses, but Tailscale does.
  const isShared = parseIp(address)?.range() === "carrierGradeNat";
  return isShared || VPN.test(name) ? "vpn" : "network";
}

/** Returns 0 for an address like those of most local networks, more for others. */
function strangeness({ name, family, address }: NetworkInterface): number {
  const isPrivate = family === "IPv6" || parseIp(address)?.range() === "private";
  return (LOCAL.test(name) ? 0 : 1) + (isPrivate ? 0 : 2);
}

/** Returns whether other devices can connect to it: link-local ones also need an interface's name. */
function isReachable({ address }: NetworkInterface): boolean {
  return !isLoopback(address) && !isLinkLocal(address);
}

function urlOf(scheme: string, host: string, port: number): string {
  return new URL(`${scheme}://${hostInUrl(host)}:${port}/`).href;
}
