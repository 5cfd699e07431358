import { BlockList, isIPv6 } from "node:net";

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
const LINK_LOCAL = ["fe80::", 10] as const;

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
  #own = new BlockList();
  #readAt = -Infinity;

  constructor(options: NetworksOptions = {}) {
    const { interfaces = () => Deno.networkInterfaces(), now = () => performance.now() } = options;
    this.#interfaces = interfaces;
    this.#now = now;
  }

  /** Returns whose share of seats, connections and changes an address uses: an address itself. */
  capacityKey(address: string): string {
    return isIPv6(address) && !this.#isOwn(address) ? prefixOf(address, 4) : address;
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
    if (!isIPv6(address)) return { own: address, shared: null };
    if (this.#isOwn(address)) return { own: address, shared: `${prefixOf(address, 4)}/64` };
    return { own: `${prefixOf(address, 4)}/64`, shared: `${prefixOf(address, 3)}/48` };
  }

  #isOwn(address: string): boolean {
    if (isLoopback(address)) return true;
    if (this.#now() - this.#readAt >= REFRESH_MS) this.#read();
    return this.#own.check(address, "ipv6");
  }

  #read(): void {
    this.#readAt = this.#now();
    this.#own = new BlockList();
    this.#own.addSubnet(...LINK_LOCAL, "ipv6");
    for (const { family, cidr } of this.#interfaces()) {
      const [address = "", bits = ""] = cidr.split("/");
      if (family !== "IPv6" || !isIPv6(address)) continue;
      this.#own.addSubnet(address, Math.max(SHORTEST_OWN_PREFIX, Number(bits)), "ipv6");
    }
  }
}

/** Whether an address is this machine's own, for itself alone. */
export function isLoopback(address: string): boolean {
  return address === "::1" || address.startsWith("127.");
}

/** The first address of the network of an IPv6 address: its first groups, and zeros. */
function prefixOf(address: string, groups: number): string {
  const [left = "", right] = address.split("::");
  const head = left === "" ? [] : left.split(":");
  const tail = right === undefined || right === "" ? [] : right.split(":");
  const zeros = right === undefined ? 0 : 8 - head.length - tail.length;
  const all = [...head, ...Array(zeros).fill("0"), ...tail].slice(0, groups);
  return `${all.join(":")}::`;
}
