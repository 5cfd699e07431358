import { BlockList, isIP, isIPv6 } from "node:net";

/**
 * An IP address as it is compared: IPv4 also where a socket for both versions gives it inside of
 * IPv6 (RFC 4291 section 2.5.5.2), IPv6 in its short form (RFC 5952), none with its zone.
 */
export function plainAddress(address: string): string {
  const [bare] = address.split("%");
  if (!isIPv6(bare)) return bare;
  const short = new URL(`http://[${bare}]`).hostname.slice(1, -1);
  const [, high, low] = /^::ffff:([0-9a-f]{1,4}):([0-9a-f]{1,4})$/.exec(short) ?? [];
  if (high === undefined) return short;
  const bytes = [high, low].map((group) => parseInt(group, 16)).flatMap((n) => [n >> 8, n & 255]);
  return bytes.join(".");
}

/** The proxies that are believed when they tell for whom they ask. */
export class TrustedProxies {
  readonly #ranges = new BlockList();
  readonly #isEmpty: boolean;

  /** @param ranges IP addresses, and ranges of them as RFC 4632 section 3.1 writes them. */
  constructor(ranges: readonly string[]) {
    this.#isEmpty = ranges.length === 0;
    for (const range of ranges) {
      const [address, bits] = range.split("/");
      if (bits !== undefined) this.#ranges.addSubnet(address, Number(bits), familyOf(address));
      else this.#ranges.addAddress(plainAddress(address), familyOf(plainAddress(address)));
    }
  }

  /** @param address As {@linkcode plainAddress} gives it. */
  has(address: string): boolean {
    return !this.#isEmpty && isIP(address) !== 0 && this.#ranges.check(address, familyOf(address));
  }

  /**
   * The address of who sent a request. Each proxy adds to X-Forwarded-For, at its end, who asked
   * it; so the last one that is no trusted proxy is the sender, and what stands before it they may
   * have made up.
   *
   * @param proxy The trusted proxy that passed the request on, as {@linkcode plainAddress} gives it.
   * @param forwardedFor The X-Forwarded-For header; `null` without one.
   */
  senderBehind(proxy: string, forwardedFor: string | null): string {
    let sender = proxy;
    for (const entry of (forwardedFor ?? "").split(",").reverse()) {
      const address = addressIn(entry.trim());
      if (address === null) return sender;
      sender = address;
      if (!this.has(sender)) return sender;
    }
    return sender;
  }
}

/** The address of an entry, which may have a port; `null` where there is none, as in `unknown`. */
function addressIn(entry: string): string | null {
  const [, bracketed] = /^\[(.*)\](?::\d+)?$/.exec(entry) ?? [];
  const [, ported] = /^([\d.]+):\d+$/.exec(entry) ?? [];
  const address = plainAddress(bracketed ?? ported ?? entry);
  return isIP(address) === 0 ? null : address;
}

function familyOf(address: string): "ipv4" | "ipv6" {
  return isIPv6(address) ? "ipv6" : "ipv4";
}
