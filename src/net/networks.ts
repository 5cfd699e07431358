import { type Clock, SYSTEM_CLOCK } from "../clock.ts";
import { AddressRange } from "./address_range.ts";
import { type IpAddress, isIPv6, isLoopback, parseIp, prefixOf } from "./ip_address.ts";

/** The part of `Deno.NetworkInterfaceInfo` in use. */
export type NetworkInterface = Pick<Deno.NetworkInterfaceInfo, "family" | "cidr">;

/** Options of {@linkcode Networks}. */
export interface NetworksOptions {
  /** Default: those of this machine. */
  readonly interfaces?: () => readonly NetworkInterface[];
  /** Default: the system's. */
  readonly clock?: Pick<Clock, "monotonic">;
}

/** The names under which the wrong guesses of a client are counted. */
export interface GuessKeys {
  /** What its own wrong guesses lock out; `null` for a client that must not be locked out. */
  readonly own: string | null;
  /**
   * A larger network whose guesses are slowed down, but never locked out, after many wrong ones:
   * otherwise a client that can take any address in it could guess for ever. `null` for none.
   */
  readonly shared: string | null;
}

/** How long to remember the networks of this machine, which may join another one. Milliseconds. */
const REFRESH_MS = 60_000;

/** The shortest prefix of an own network: a larger network is no home network. Bits. */
const SHORTEST_OWN_PREFIX = 48;

/** Link-local addresses (RFC 4291 section 2.5.6), which are in own networks without any interface. */
const LINK_LOCAL = AddressRange.parse("fe80::/10")!;

/**
 * Decides which addresses count as one client. An IPv4 address is one client. So is an IPv6 address in
 * a network of this machine, where each device has addresses of its own and all share a /64. In any
 * other network a subscriber has a whole /64 (RFC 4291 section 2.5.4), and often a /48 (RFC 6177).
 *
 * Takes addresses as `plainAddress` writes them.
 */
export class Networks {
  readonly #interfaces: () => readonly NetworkInterface[];
  readonly #clock: Pick<Clock, "monotonic">;
  #own: readonly AddressRange[] = [];
  #readAt = -Infinity;

  /** Creates one that has not read the interfaces yet. */
  constructor(options: NetworksOptions = {}) {
    const { interfaces = () => Deno.networkInterfaces(), clock = SYSTEM_CLOCK } = options;
    this.#interfaces = interfaces;
    this.#clock = clock;
  }

  /** Returns the name under which the seats, connections and changes of an address are counted. */
  capacityKey(address: string): string {
    const parsed = parseIp(address);
    return isIPv6(parsed) && !this.#isOwn(parsed) ? prefixOf(parsed, 4) : address;
  }

  /**
   * Returns the names under which the wrong guesses of an address are counted.
   *
   * Nobody is locked out on this machine itself. If a proxy runs there that was not declared, everyone
   * seems to come from this machine; most proxies say that they relay, and those guesses are counted
   * apart.
   *
   * @param isRelayed Whether a proxy that is not trusted says that it relayed the request.
   */
  guessKeys(address: string, isRelayed: boolean): GuessKeys {
    if (isLoopback(address)) {
      return isRelayed
        ? { own: `relayed by ${address}`, shared: null }
        : { own: null, shared: "this machine" };
    }
    const parsed = parseIp(address);
    if (!isIPv6(parsed)) return { own: address, shared: null };
    if (this.#isOwn(parsed)) return { own: address, shared: `${prefixOf(parsed, 4)}/64` };
    return { own: `${prefixOf(parsed, 4)}/64`, shared: `${prefixOf(parsed, 3)}/48` };
  }

  #isOwn(address: IpAddress): boolean {
    if (address.range() === "loopback") return true;
    if (this.#clock.monotonic() - this.#readAt >= REFRESH_MS) this.#read();
    return this.#own.some((range) => range.has(address));
  }

  #read(): void {
    this.#readAt = this.#clock.monotonic();
    const ranges = this.#interfaces().map(({ cidr }) => {
      const [address, bits] = cidr.split("/");
      return AddressRange.parse(`${address}/${Math.max(SHORTEST_OWN_PREFIX, Number(bits))}`);
    });
    // The prefix of an IPv4 network is shorter than that, so it makes no range.
    this.#own = [LINK_LOCAL, ...ranges.filter((range) => range !== null)];
  }
}
