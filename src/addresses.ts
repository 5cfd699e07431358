import { isIP, isIPv6 } from "node:net";

/** Who can open an address: this machine alone, the network, or what runs in a virtual network. */
export type Reach = "machine" | "network" | "virtual";

/** Where viewers can open the page. */
export interface ViewerAddress {
  /** Ends with a slash. */
  readonly url: string;
  readonly reach: Reach;
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

/**
 * Every address under which viewers find the page: the network's first, then virtual networks',
 * this machine's own last. All interfaces are told by their IPv4 address, which people can type.
 */
export function viewerAddresses(listeningAt: ListeningAt): ViewerAddress[] {
  const { host, port, isSecure, basePath = "/" } = listeningAt;
  const at = (name: string, reach: Reach): ViewerAddress => ({
    url: urlOf(isSecure ? "https" : "http", name, port) + basePath.slice(1),
    reach,
  });
  if (isLoopback(host)) return [at(host, "machine")];
  if (host !== "0.0.0.0" && !isUnspecifiedIPv6(host)) return [at(host, "network")];

  const { interfaces = Deno.networkInterfaces() } = listeningAt;
  const usable = interfaces.filter(({ family, address }) =>
    family === "IPv4" && !isLoopback(address) && !address.startsWith("169.254.")
  );
  const isVirtual = ({ name }: NetworkInterface) => VIRTUAL.test(name);
  return [
    ...usable.filter((one) => !isVirtual(one)).map(({ address }) => at(address, "network")),
    ...usable.filter(isVirtual).map(({ address }) => at(address, "virtual")),
    at("localhost", "machine"),
  ];
}

function urlOf(scheme: string, host: string, port: number): string {
  return new URL(`${scheme}://${isIPv6(host) ? `[${host}]` : host}:${port}/`).href;
}

function isLoopback(host: string): boolean {
  return host === "localhost" || host === "::1" || (isIP(host) === 4 && host.startsWith("127."));
}

function isUnspecifiedIPv6(host: string): boolean {
  return isIPv6(host) && /^[0:]+$/.test(host);
}
