import { AddressRange } from "./address_range.ts";
import { type IpAddress, isIPv6, isLoopback, parseIp, prefixOf } from "./ip_address.ts";

/** What is used of `Deno.NetworkInterfaceInfo`. */
export type NetworkInterface = Pick<Deno.NetworkInterfaceInfo, "family" | "cidr">;

export interface NetworksOptions {
  /** Default: those of this machine. */
  readonly interfaces?: () => readonly NetworkInterface[];
  /** Milliseconds of a monotonic clock. */
  readonly now?: () => number;
}

/** Under whose name the wrong guesses of a client are counted. */
export interface GuessKeys {
  /** Locked out by its own wrong guesses; `null` for what may not be locked out. */
  readonly own: string | null;
  /**
   * A larger network whose guesses are slowed down, and never locked out, once many were wrong:
   * whoever can take any address in it could otherwise guess on for ever; `null` for none.
   */
  readonly shared: string | null;
}

/** How long the networks of this machine are remembered: it may join another one. Milliseconds. */
const REFRESH_MS = 60_000;

/** The shortest prefix that is taken for a network of one's own; a shorter one is no home. Bits. */
const SHORTEST_OWN_PREFIX = 48;

/** Its ranges without the machine's own networks: link-local (RFC 4291 section 2.5.6). */
const LINK_LOCAL = AddressRange.parse("fe80::/10")!;

/**
 * Says which addresses count as one client. An IPv4 address is one. So is an IPv6 address in a
 * network of this machine, where each device has addresses of its own and all share a /64. In any
 * other network a subscriber has a whole /64 (RFC 4291 section 2.5.4), and often a /48 (RFC 6177).
 *
 * Addresses are those of `plainAddress`: IPv4 never inside of IPv6, IPv6 in its short form.
 */
export class Networks {
  readonly #interfaces: () => readonly NetworkInterface[];
  readonly #now: () => number;
  #own: readonly AddressRange[] = [];
  #readAt = -Infinity;

  constructor(options: NetworksOptions = {}) {
    const { interfaces = () => Deno.networkInterfaces(), now = () => performance.now() } = options;
    this.#interfaces = interfaces;
    this.#now = now;
  }

  /** Returns whose share of seats, connections and changes an address uses: an address itself. */
  capacityKey(address: string): string {
    const parsed = parseIp(address);
    return isIPv6(parsed) && !this.#isOwn(parsed) ? prefixOf(parsed, 4) : address;
  }

  /**
   * Returns under whose names the wrong guesses of an address are counted.
   *
   * On this machine itself nobody is locked out. A proxy there that was not declared makes everyone
   * look like it; requests that it passes on mostly say so, and are counted apart.
   *
   * @param isRelayed Whether a proxy that is not trusted says that it passed the request on.
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
    if (this.#now() - this.#readAt >= REFRESH_MS) this.#read();
    return this.#own.some((range) => range.has(address));
  }

  #read(): void {
    this.#readAt = this.#now();
    const ranges = this.#interfaces().map(({ cidr }) => {
      const [address, bits] = cidr.split("/");
      return AddressRange.parse(`${address}/${Math.max(SHORTEST_OWN_PREFIX, Number(bits))}`);
    });
    // The prefix of an IPv4 network is shorter than that, so it makes no range.
    this.#own = [LINK_LOCAL, ...ranges.filter((range) => range !== null)];
  }
}
