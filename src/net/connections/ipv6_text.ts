/** An IPv6 address of 16 bytes as text (RFC 5952), those that stand for IPv4 with its dots. */
export function ipv6Text(bytes: Uint8Array): string {
  const groups = Array.from({ length: 8 }, (_, i) => bytes[2 * i] << 8 | bytes[2 * i + 1]);
  const isMapped = groups.slice(0, 5).every((group) => group === 0) && groups[5] === 0xffff;
  if (isMapped) return `::ffff:${bytes.subarray(12).join(".")}`;
  const text = groups.map((group) => group.toString(16)).join(":");
  // What parses URLs knows where the zeros are left out.
  return new URL(`http://[${text}]`).hostname.slice(1, -1);
}
