import { isIP } from "node:net";
import ipaddr from "ipaddr.js";

/** A parsed IP address. */
export type IpAddress = ipaddr.IPv4 | ipaddr.IPv6;

/**
 * Parses an IP address. IPv4 inside IPv6 (RFC 4291 section 2.5.5.2), as sockets for both versions
 * report it, becomes IPv4; the zone of a link-local address is dropped.
 *
 * @returns `null` if the text is no IP address.
 */
export function parseIp(text: string): IpAddress | null {
  // ipaddr.js alone accepts octal and hexadecimal IPv4, and takes `::1.2.3.4` for `::ffff:1.2.3.4`.
  const version = isIP(text);
  if (version === 0) return null;
  if (version === 4) return ipaddr.IPv4.parse(text);
  const address = ipaddr.IPv6.parse(withoutZone(text).replace(/^::(?=\d+\.)/, "::0:"));
  return address.isIPv4MappedAddress() ? address.toIPv4Address() : address;
}

/**
 * Returns an IP address in the one form in which addresses are compared: that of {@linkcode parseIp},
 * with IPv6 in its short form (RFC 5952). Any other text is returned up to its first `%`.
 */
export function plainAddress(text: string): string {
  // Nearly all addresses are IPv4, and a list of sockets has one for every viewer: do not parse those.
  const inner = text.replace(/^::ffff:(?=\d+\.)/i, "");
  return isIP(inner) === 4 ? inner : parseIp(text)?.toString() ?? withoutZone(text);
}

/** Returns the text of an address of 4 or 16 bytes, as {@linkcode plainAddress} writes it. */
export function addressFromBytes(bytes: Uint8Array): string {
  return plainAddress(ipaddr.fromByteArray([...bytes]).toString());
}

/** Returns whether an address always leads to the machine that uses it. */
export function isLoopback(address: string): boolean {
  return parseIp(address)?.range() === "loopback";
}

/** Returns whether an address is link-local: of use only together with the name of an interface. */
export function isLinkLocal(address: string): boolean {
  return parseIp(address)?.range() === "linkLocal";
}

/** Returns whether listening on an address means listening on all of them: `0.0.0.0` or `::`. */
export function isUnspecified(address: string): boolean {
  return parseIp(address)?.toByteArray().every((byte) => byte === 0) ?? false;
}

/** Returns a host name or address as URLs write it: IPv6 in brackets. */
export function hostInUrl(host: string): string {
  return isIP(host) === 6 ? `[${host}]` : host;
}

/** Returns the first `groups` groups of an IPv6 address, followed by zeros: `2001:db8:0:0::`. */
export function prefixOf({ parts }: ipaddr.IPv6, groups: number): string {
  return `${parts.slice(0, groups).map((part) => part.toString(16)).join(":")}::`;
}

/** Returns whether a parsed address is an IPv6 address. */
export function isIPv6(address: IpAddress | null): address is ipaddr.IPv6 {
  return address?.kind() === "ipv6";
}

function withoutZone(text: string): string {
  const [bare] = text.split("%");
  return bare;
}
