import { Buffer } from "node:buffer";
import { createHash, createPrivateKey, createPublicKey } from "node:crypto";
import { loadX509 } from "./x509.ts";

/** What a server needs for HTTPS, as PEM (RFC 7468). */
export interface Credentials {
  /** The certificate chain: the server's certificate, then those of its authorities. */
  readonly cert: string;
  /** The private key. */
  readonly key: string;
}

const KEY = /-----BEGIN ((?:[A-Z0-9]+ )?PRIVATE KEY)-----[^]*?-----END \1-----\n?/;
const CERTIFICATE = /-----BEGIN CERTIFICATE-----[^]*?-----END CERTIFICATE-----\n?/;

/** Returns the first private key in a text, as PEM; `null` for none. */
export function findKey(text: string): string | null {
  return KEY.exec(text)?.[0] ?? null;
}

/** Returns the first certificate in a text, as PEM; `null` for none. */
export function findCertificate(text: string): string | null {
  return CERTIFICATE.exec(text)?.[0] ?? null;
}

/** The part of a certificate in use. */
export interface Certificate {
  /** When it becomes valid. */
  readonly begin: Date;
  /** When it expires. */
  readonly end: Date;
  /** The host names that it is for. */
  readonly names: readonly string[];
  /** What people compare: its SHA-256, 32 bytes in hexadecimal with colons. */
  readonly fingerprint: string;
  /** The public key, in DER (RFC 5280 section 4.1.2.7). */
  readonly publicKey: Uint8Array;
}

/** Reads a certificate; `null` if it is damaged. */
export async function readCertificate(pem: string): Promise<Certificate | null> {
  const { X509Certificate, SubjectAlternativeNameExtension } = await loadX509();
  return attempt(() => {
    const certificate = new X509Certificate(pem);
    const { items = [] } = certificate.getExtension(SubjectAlternativeNameExtension)?.names ?? {};
    const hash = createHash("sha256").update(new Uint8Array(certificate.rawData)).digest("hex");
    return {
      begin: certificate.notBefore,
      end: certificate.notAfter,
      names: items.filter(({ type }) => type === "dns").map(({ value }) => value),
      fingerprint: hash.toUpperCase().replace(/..(?=.)/g, "$&:"),
      publicKey: new Uint8Array(certificate.publicKey.rawData),
    };
  });
}

/** Returns the public key of a private one, in DER; `null` if that is damaged or has a passphrase. */
export function publicKeyOf(pem: string): Uint8Array | null {
  return attempt(() => {
    const publicKey = createPublicKey(
      createPrivateKey(pem).export({ type: "pkcs8", format: "pem" }),
    );
    return publicKey.export({ type: "spki", format: "der" });
  });
}

/** Returns whether a certificate has this public key, which {@linkcode publicKeyOf} returned. */
export function belongTogether(certificate: Certificate, publicKey: Uint8Array): boolean {
  return Buffer.compare(certificate.publicKey, publicKey) === 0;
}

function attempt<T>(read: () => T): T | null {
  try {
    return read();
  } catch {
    return null;
  }
}
