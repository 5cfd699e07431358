import type { Network } from "./network.ts";

/** An address and a port. */
export interface Peer {
  /** IPv4. */
  readonly hostname: string;
  /** 5353, except for plain DNS clients. */
  readonly port: number;
}

/** Sends messages. */
export interface Transport {
  /** Sends to all of a network, by its first address. */
  multicast(network: Network, bytes: Uint8Array): void;
  /** Sends to one peer in a network. */
  unicast(network: Network, bytes: Uint8Array, to: Peer): void;
}

/** The port of multicast DNS. */
export const MDNS_PORT = 5353;

/** The group of multicast DNS. */
export const MDNS_GROUP = "224.0.0.251";
