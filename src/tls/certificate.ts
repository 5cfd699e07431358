import { createPrivateKey, type KeyObject, X509Certificate } from "node:crypto";

/** What a server needs for HTTPS, as PEM (RFC 7468). */
export interface Credentials {
  /** The server's certificate, then those that vouch for it. */
  readonly cert: string;
  readonly key: string;
}

const KEY = /-----BEGIN ((?:[A-Z0-9]+ )?PRIVATE KEY)-----[^]*?-----END \1-----\n?/;
const CERTIFICATE = /-----BEGIN CERTIFICATE-----[^]*?-----END CERTIFICATE-----\n?/;

/** The first private key in a text, as PEM; `null` for none. */
export function findKey(text: string): string | null {
  return KEY.exec(text)?.[0] ?? null;
}

/** The first certificate in a text, as PEM; `null` for none. */
export function findCertificate(text: string): string | null {
  return CERTIFICATE.exec(text)?.[0] ?? null;
}

/** A private key; `null` if it is damaged, or takes a passphrase. */
export function readKey(pem: string): KeyObject | null {
  return attempt(() => createPrivateKey(pem));
}

/** A certificate; `null` if it is damaged. */
export function readCertificate(pem: string): X509Certificate | null {
  return attempt(() => new X509Certificate(pem));
}

/**
 * What people compare to know a certificate for the right one: the SHA-256 of the first, as 32
 * bytes in hexadecimal with colons.
 */
export function fingerprintOf({ cert }: Credentials): string {
  return new X509Certificate(cert).fingerprint256;
}

function attempt<T>(read: () => T): T | null {
  try {
    return read();
  } catch {
    return null;
  }
}
