import { AddressRange } from "../net/address_range.ts";
import { parseIp } from "../net/ip_address.ts";

/** The proxies whose X-Forwarded-For header is trusted. */
export class TrustedProxies {
  readonly #ranges: readonly AddressRange[];

  /**
   * Trusts these proxies.
   *
   * @param ranges Valid IP addresses and ranges of them.
   */
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
   * Returns the address that sent a request. Each proxy appends the address that it got the request from to
   * X-Forwarded-For. So the last one that is no trusted proxy is the sender; the sender may have invented
   * whatever precedes it.
   *
   * @param proxy The trusted proxy that relayed the request, as `plainAddress` writes it.
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

/** Returns the address of an entry, which may have a port; `null` if it has none, as in `unknown`. */
function addressIn(entry: string): string | null {
  const [, bracketed] = /^\[(.*)\](?::\d+)?$/.exec(entry) ?? [];
  const [, ported] = /^([\d.]+):\d+$/.exec(entry) ?? [];
  return parseIp(bracketed ?? ported ?? entry)?.toString() ?? null;
}
