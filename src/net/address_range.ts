import { type IpAddress, isIPv6, parseIp } from "./ip_address.ts";

const IPV4_BITS = 32;
const IPV6_BITS = 128;

/** A range of IP addresses (RFC 4632 section 3.1), or a single one. */
export class AddressRange {
  readonly #first: IpAddress;
  readonly #bits: number;

  private constructor(first: IpAddress, bits: number) {
    this.#first = first;
    this.#bits = bits;
  }

  /** Parses `10.0.0.0/8` or `10.0.0.1`; `null` if the text is neither. */
  static parse(text: string): AddressRange | null {
    const [, address = "", suffix] = /^([^/]+)(?:\/(\d{1,3}))?$/.exec(text) ?? [];
    const first = parseIp(address);
    if (first === null) return null;
    const most = isIPv6(first) ? IPV6_BITS : IPV4_BITS;
    // A range of IPv4 addresses inside IPv6 has the 96 bits before them in its prefix.
    const outer = address.includes(":") ? IPV6_BITS - most : 0;
    const bits = suffix === undefined ? most : Number(suffix) - outer;
    return bits >= 0 && bits <= most ? new AddressRange(first, bits) : null;
  }

  /** Returns whether an address is in the range. */
  has(address: IpAddress): boolean {
    return address.kind() === this.#first.kind() && address.match(this.#first, this.#bits);
  }
}
