import {
  hostInUrl,
  isIPv6,
  isLinkLocal,
  isLoopback,
  isUnspecified,
  parseIp,
} from "./ip_address.ts";

/**
 * Who can open an address: this machine alone, the local network, members of a VPN, or what runs in a
 * virtual network.
 */
export type Reach = "machine" | "network" | "vpn" | "virtual";

/** Where viewers can open the page. */
export interface ViewerAddress {
  /** Ends with a slash. */
  readonly url: string;
  readonly reach: Reach;
  /** Of the interface of a VPN. */
  readonly interface?: string;
}

/** What is used of `Deno.NetworkInterfaceInfo`. */
export type NetworkInterface = Pick<Deno.NetworkInterfaceInfo, "name" | "family" | "address">;

export interface ListeningAt {
  /** What the server listens on: an address, a name, or `0.0.0.0` or `::` for all. */
  readonly host: string;
  /** The port it got, never 0. */
  readonly port: number;
  /** Whether it answers by HTTPS alone. */
  readonly isSecure: boolean;
  /** The path of the page, which begins and ends with `/`. Default: `/`. */
  readonly basePath?: string;
  /** Default: those of this machine. */
  readonly interfaces?: readonly NetworkInterface[];
}

/** Bridges of containers and virtual machines; a phone on the network cannot reach them. */
const VIRTUAL =
  /^(docker|br-|bridge|veth|virbr|lxc|lxd|cni|flannel|cali|podman|vmnet|vboxnet|vethernet|vmware|virtualbox)/i;

/** Interfaces of VPNs, whose members alone reach them; by their names on Linux, macOS and Windows. */
const VPN =
  /^(tailscale|wg|wireguard|tun|tap|utun|zt|zerotier|feth|ppp|ipsec|gpd|nordlynx|proton|mullvad|openvpn|cscotun|cisco anyconnect|fortinet|pangp|hamachi|ham\d|nebula|wt\d|netbird|cloudflarewarp|warp|vpn)|vpn\b|\b(tap-windows|wintun)/i;

/** Wired and wireless interfaces. */
const LOCAL = /^(en|eth|wl|em\d|wi-?fi|ethernet|wlan|lan|br\d|bond|team)/i;

/**
 * Returns every address under which viewers find the page: the local network's first, then those of
 * VPNs, virtual networks, and this machine's own last. Of several local networks those come first
 * whose interface or address is a usual one; otherwise the system's order is kept. An interface
 * counts by its IPv4 address, which people can type; only where none has one, by IPv6.
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

/** Returns the address under which other devices most likely find the page; `null` where none do. */
export function sharedAddress(addresses: readonly ViewerAddress[]): ViewerAddress | null {
  return addresses.find(({ reach }) => reach === "network") ??
    addresses.find(({ reach }) => reach === "vpn") ?? null;
}

function reachOf({ name, address }: NetworkInterface): Reach {
  if (VIRTUAL.test(name)) return "virtual";
  // Carrier-grade NAT (RFC 6598): no home network uses these addresses, but Tailscale does.
  const isShared = parseIp(address)?.range() === "carrierGradeNat";
  return isShared || VPN.test(name) ? "vpn" : "network";
}

/** 0 for an address like those of most local networks, more for others. */
function strangeness({ name, family, address }: NetworkInterface): number {
  const isPrivate = family === "IPv6" || parseIp(address)?.range() === "private";
  return (LOCAL.test(name) ? 0 : 1) + (isPrivate ? 0 : 2);
}

/** Whether other devices can have a connection to it: link-local ones also need an interface's name. */
function isReachable({ address }: NetworkInterface): boolean {
  return !isLoopback(address) && !isLinkLocal(address);
}

function urlOf(scheme: string, host: string, port: number): string {
  return new URL(`${scheme}://${hostInUrl(host)}:${port}/`).href;
}
