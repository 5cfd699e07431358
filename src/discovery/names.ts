/** The longest label of a name (RFC 1035 section 2.3.4). Bytes. */
const MAX_LABEL_BYTES = 63;

/** Returns a name of a machine: `livestream.local`, then `livestream-2.local`. */
export function hostNameOf(label: string, number: number): string {
  return `${label}${number === 1 ? "" : `-${number}`}.local`;
}

/**
 * Returns the name by which a service is listed: `Party`, then `Party (2)`. It is one label, which a dot
 * would divide for dns-packet, so that dots become a character that looks like one.
 */
export function instanceLabel(title: string, number: number): string {
  const suffix = number === 1 ? "" : ` (${number})`;
  const text = title.replaceAll(".", "\u2024").trim() || "Livestream";
  return cutToBytes(text, MAX_LABEL_BYTES - suffix.length) + suffix;
}

/** Returns a text, cut after a whole character to so many bytes of UTF-8. */
export function cutToBytes(text: string, maxBytes: number): string {
  let cut = "";
  let bytes = 0;
  for (const character of text.toWellFormed()) {
    bytes += new TextEncoder().encode(character).length;
    if (bytes > maxBytes) break;
    cut += character;
  }
  return cut;
}
