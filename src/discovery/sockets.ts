import { messageOf } from "../errors.ts";
import { AddressRange } from "../net/address_range.ts";
import { parseIp } from "../net/ip_address.ts";
import type { Network } from "./network.ts";
import { MDNS_GROUP, MDNS_PORT, type Peer, type Transport } from "./transport.ts";

/** Options of {@linkcode MulticastSockets}. */
export interface MulticastSocketsOptions {
  /** Receives each message, and the network of its sender. */
  readonly onMessage: (network: Network, bytes: Uint8Array, from: Peer) => void;
  /** Receives why a network cannot be reached. */
  readonly onProblem: (reason: string) => void;
}

/** The IP TTL of everything (RFC 6762 section 11). */
const IP_TTL = 255;

/** The most messages read in a second; a large network has some tens. The rest of a flood is dropped. */
const MAX_MESSAGES = 500;

/** The pause after a socket failed to receive, and during a flood. Milliseconds. */
const PAUSE_MS = 200;

interface OpenNetwork {
  readonly network: Network;
  readonly range: AddressRange;
  readonly sender: Deno.DatagramConn;
}

/**
 * The sockets of multicast DNS. One is a member of the group in all networks and receives; for each
 * network, another is bound to this machine's address there, which makes the kernel send by that
 * interface: Deno has no other way to choose it. It receives what is sent to that address.
 */
export class MulticastSockets implements Transport {
  readonly #options: MulticastSocketsOptions;
  #group: Deno.DatagramConn | null = null;
  #open: OpenNetwork[] = [];
  #received = 0;
  #secondBeganAt = -Infinity;

  /** Creates one without sockets. */
  constructor(options: MulticastSocketsOptions) {
    this.#options = options;
  }

  /** Joins these networks, and leaves all others. Resolves to those that could be joined. */
  async join(networks: readonly Network[]): Promise<Network[]> {
    this.close();
    if (networks.length === 0) return [];
    try {
      this.#group = listen("0.0.0.0");
    } catch (error) {
      this.#options.onProblem(messageOf(error));
      return [];
    }
    for (const network of networks) await this.#joinOne(network);
    this.#receive(this.#group, (from) => this.#open.find(({ range }) => isIn(range, from)));
    for (const one of this.#open) {
      this.#receive(one.sender, (from) => isIn(one.range, from) ? one : undefined);
    }
    return this.#open.map(({ network }) => network);
  }

  /** Sends to the group. */
  multicast(network: Network, bytes: Uint8Array): void {
    this.#send(network, bytes, { hostname: MDNS_GROUP, port: MDNS_PORT });
  }

  /** Sends to one peer. */
  unicast(network: Network, bytes: Uint8Array, to: Peer): void {
    this.#send(network, bytes, to);
  }

  /** Closes all sockets. */
  close(): void {
    for (const socket of [this.#group, ...this.#open.map(({ sender }) => sender)]) close(socket);
    this.#group = null;
    this.#open = [];
  }

  async #joinOne(network: Network): Promise<void> {
    const [address] = network.addresses;
    const range = AddressRange.parse(network.cidr);
    if (address === undefined || range === null) return;
    let sender: Deno.DatagramConn | null = null;
    try {
      sender = listen(address);
      for (const own of network.addresses) await this.#group!.joinMulticastV4(MDNS_GROUP, own);
      // Only a member can set the TTL.
      const membership = await sender.joinMulticastV4(MDNS_GROUP, address);
      await membership.setTTL(IP_TTL);
      this.#open.push({ network, range, sender });
    } catch (error) {
      close(sender);
      this.#options.onProblem(`${address}: ${messageOf(error)}`);
    }
  }

  async #receive(
    socket: Deno.DatagramConn,
    networkOf: (address: string) => OpenNetwork | undefined,
  ): Promise<void> {
    const isOpen = () =>
      socket === this.#group || this.#open.some(({ sender }) => sender === socket);
    while (isOpen()) {
      try {
        const [bytes, from] = await socket.receive();
        // Meanwhile the kernel drops what does not fit into its buffer.
        if (this.#isFlooded()) {
          await pause();
          continue;
        }
        if (from.transport !== "udp") continue;
        // Only from the same network (RFC 6762 section 11).
        const network = networkOf(from.hostname)?.network;
        if (network && isOpen()) this.#options.onMessage(network, bytes, from);
      } catch {
        // Windows reports here that a peer did not take an answer.
        if (isOpen()) await pause();
      }
    }
  }

  #isFlooded(): boolean {
    const now = performance.now();
    if (now - this.#secondBeganAt >= 1000) {
      this.#secondBeganAt = now;
      this.#received = 0;
    }
    return ++this.#received > MAX_MESSAGES;
  }

  #send(network: Network, bytes: Uint8Array, { hostname, port }: Peer): void {
    const sender = this.#open.find((one) => one.network === network)?.sender;
    // The network may be gone, which is noticed elsewhere.
    sender?.send(bytes, { transport: "udp", hostname, port }).catch(() => {});
  }
}

function listen(hostname: string): Deno.DatagramConn {
  return Deno.listenDatagram({
    transport: "udp",
    hostname,
    port: MDNS_PORT,
    // Beside the system's own responder, such as Avahi.
    reuseAddress: true,
    // Programs on this machine ask too.
    loopback: true,
  });
}

function close(socket: Deno.DatagramConn | null): void {
  try {
    socket?.close();
  } catch {
    // It is closed.
  }
}

function isIn(range: AddressRange, address: string): boolean {
  const parsed = parseIp(address);
  return parsed !== null && range.has(parsed);
}

function pause(): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, PAUSE_MS));
}
