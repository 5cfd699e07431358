import { plainAddress } from "./ip_address.ts";

/**
 * Returns the one name of the other end of a connection, however its address is written: with or without
 * brackets, as `plainAddress` writes it, then the port.
 */
export function socketKey({ hostname, port }: { hostname: string; port: number }): string {
  return `${plainAddress(hostname.replace(/[[\]]/g, ""))} ${port}`;
}
