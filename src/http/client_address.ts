import { AddressRange } from "../net/address_range.ts";
import { parseIp } from "../net/ip_address.ts";

/** The proxies that are believed when they tell for whom they ask. */
export class TrustedProxies {
  readonly #ranges: readonly AddressRange[];

  /** @param ranges IP addresses and ranges of them; each can be parsed. */
  constructor(ranges: readonly string[]) {
    this.#ranges = ranges.map((range) => AddressRange.parse(range)!);
  }

  /** Returns whether an address is that of a trusted proxy. */
  has(address: string): boolean {
    if (this.#ranges.length === 0) return false;
    const parsed = parseIp(address);
    return parsed !== null && this.#ranges.some((range) => range.has(parsed));
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
  return parseIp(bracketed ?? ported ?? entry)?.toString() ?? null;
}
