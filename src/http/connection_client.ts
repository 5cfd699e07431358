import { plainAddress } from "../net/ip_address.ts";
import type { Networks } from "../net/networks.ts";
import type { TrustedProxies } from "./client_address.ts";

/** The connections of each viewer: a browser opens at most six for pages and streams, and a WebSocket. */
const CONNECTIONS_OF_VIEWER = 8;

/** Returns how many connections one client may have. */
export function maxConnectionsOfClient(maxPerAddress: number): number {
  return CONNECTIONS_OF_VIEWER * maxPerAddress;
}

/** Returns a function that names the client at the other end of a connection; `null` for a trusted proxy. */
export function connectionClients(
  proxies: TrustedProxies,
  networks: Networks,
): (hostname: string) => string | null {
  return (hostname) => {
    const address = plainAddress(hostname);
    return proxies.has(address) ? null : networks.capacityKey(address);
  };
}
