import { isIPv6, parseIp, prefixOf } from "../net/ip_address.ts";

const MASK = "***";

/** A secret shorter than this would take whole words out of every line. */
const SHORTEST_SECRET = 4;

/** Fields that are secret whatever they hold, and those that hold the address of a viewer. */
const SECRET_FIELD = /token|password|secret|cookie|authorization/i;
const ADDRESS_FIELD = "client";

/** What is secret in any text, and what stands there instead. */
const PATTERNS: readonly (readonly [RegExp, string])[] = [
  // Addresses with user names and passwords, which may hold any character: `rtsp://me:a/b c@cam/1`.
  [/:\/\/.*@[^\s"'<>]*/g, `://${MASK}`],
  // Paths and queries of addresses, which may hold stream keys.
  [/(:\/\/[^\s/?#"'<>]*)[/?#][^\s"'<>]+/g, `$1/${MASK}`],
  // Queries and forms: `?token=…`, `&api_key=…`.
  [
    /((?:^|[^\w.-])[\w.-]{0,40}(?:token|password|passwd|pwd|pass|secret|key|auth|signature|sig|session|jwt)=)[^\s&#;"'<>]+/gi,
    `$1${MASK}`,
  ],
  [/(studio#)[^\s"'<>]+/g, `$1${MASK}`],
  [/\b(Bearer|Basic)\s+[\w+/=.~-]{6,}/gi, `$1 ${MASK}`],
  [/\b((?:set-)?cookie\s*[:=]\s*).+/gi, `$1${MASK}`],
  [/\b(viewer=)[0-9a-f-]{36}/gi, `$1${MASK}`],
];

/** Takes secrets and viewers' addresses out of what is logged. */
export class Masks {
  readonly #showsAddresses: boolean;
  readonly #secrets = new Set<string>();

  /** @param showsAddresses Whether the addresses of viewers stay as they are. */
  constructor({ showsAddresses }: { readonly showsAddresses: boolean }) {
    this.#showsAddresses = showsAddresses;
  }

  /** Hides this text from now on, wherever it stands. Too short a text would hide too much. */
  hide(secret: string): void {
    if (secret.length < SHORTEST_SECRET) return;
    this.#secrets.add(secret);
    this.#secrets.add(encodeURIComponent(secret));
  }

  /** The text without its secrets. */
  mask(text: string): string {
    let masked = text;
    for (const secret of this.#secrets) masked = masked.replaceAll(secret, MASK);
    for (const [pattern, instead] of PATTERNS) masked = masked.replace(pattern, instead);
    return masked;
  }

  /** The text of a field without what its name says is secret. */
  maskField(name: string, text: string): string {
    if (SECRET_FIELD.test(name)) return MASK;
    if (name === ADDRESS_FIELD && !this.#showsAddresses) return maskAddress(text);
    return this.mask(text);
  }
}

/**
 * An address with what tells a device in its network left out: the last 8 bits of IPv4, the last 80
 * bits of IPv6. What is no address is left out wholly.
 */
export function maskAddress(address: string): string {
  const parsed = parseIp(address);
  if (parsed === null) return "x";
  if (isIPv6(parsed)) return `${prefixOf(parsed, 3)}x`;
  return `${parsed.toByteArray().slice(0, 3).join(".")}.x`;
}
