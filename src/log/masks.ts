import { isIPv6, parseIp, prefixOf } from "../net/ip_address.ts";

const MASK = "***";

/** The shortest secret to mask: a shorter one would hide whole words in every line. */
const SHORTEST_SECRET = 4;

/** Names of fields that are secret whatever they hold, and of the field for a viewer's address. */
const SECRET_FIELD = /token|password|secret|cookie|authorization/i;
const ADDRESS_FIELD = "client";

/** What is secret in any text, and what replaces it. */
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

/** Masks secrets and the addresses of viewers in whatever is logged. */
export class Masks {
  readonly #showsAddresses: boolean;
  readonly #secrets = new Set<string>();

  /**
   * Creates masks that hide no particular secret yet.
   *
   * @param options Whether to leave the addresses of viewers as they are.
   */
  constructor({ showsAddresses }: { readonly showsAddresses: boolean }) {
    this.#showsAddresses = showsAddresses;
  }

  /** Masks this text from now on, wherever it occurs. Ignores a text that is too short. */
  hide(secret: string): void {
    if (secret.length < SHORTEST_SECRET) return;
    this.#secrets.add(secret);
    this.#secrets.add(encodeURIComponent(secret));
  }

  /** Returns the text without its secrets. */
  mask(text: string): string {
    let masked = text;
    for (const secret of this.#secrets) masked = masked.replaceAll(secret, MASK);
    for (const [pattern, instead] of PATTERNS) masked = masked.replace(pattern, instead);
    return masked;
  }

  /** Returns the text of a field, masked as the name of the field demands. */
  maskField(name: string, text: string): string {
    if (SECRET_FIELD.test(name)) return MASK;
    if (name === ADDRESS_FIELD && !this.#showsAddresses) return maskAddress(text);
    return this.mask(text);
  }
}

/**
 * Returns an address without the part that identifies a device in its network: the last 8 bits of
 * IPv4, the last 80 bits of IPv6. Returns `x` for any other text.
 */
export function maskAddress(address: string): string {
  const parsed = parseIp(address);
  if (parsed === null) return "x";
  if (isIPv6(parsed)) return `${prefixOf(parsed, 3)}x`;
  return `${parsed.toByteArray().slice(0, 3).join(".")}.x`;
}
