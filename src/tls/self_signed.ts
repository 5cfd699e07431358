import { parseIp } from "../net/ip_address.ts";
import type { Credentials } from "./certificate.ts";
import { loadX509 } from "./x509.ts";

/** Options of {@linkcode makeSelfSigned}. */
export interface SelfSignedOptions {
  /** The host names and IP addresses that the certificate is for. */
  readonly hosts: readonly string[];
  /** Wall time, milliseconds. */
  readonly now: number;
}

const DAY_MS = 24 * 60 * 60 * 1000;

/** The longest life that all browsers accept, even of a certificate that an authority signed. */
const LIFE_MS = 397 * DAY_MS;

const ALGORITHM = { name: "ECDSA", namedCurve: "P-256", hash: "SHA-256" };

/**
 * Makes a self-signed certificate (RFC 5280) and its key. It is valid from a day ago, as not every
 * clock is right. It is for a server and cannot sign others, so a device that trusts it trusts this
 * server only.
 */
export async function makeSelfSigned({ hosts, now }: SelfSignedOptions): Promise<Credentials> {
  const x509 = await loadX509();
  const keys = await crypto.subtle.generateKey(ALGORITHM, true, ["sign", "verify"]);
  const certificate = await x509.X509CertificateGenerator.createSelfSigned({
    name: [{ CN: ["Livestream"] }],
    notBefore: new Date(now - DAY_MS),
    notAfter: new Date(now - DAY_MS + LIFE_MS),
    keys,
    signingAlgorithm: ALGORITHM,
    extensions: [
      new x509.BasicConstraintsExtension(false, undefined, true),
      new x509.KeyUsagesExtension(x509.KeyUsageFlags.digitalSignature, true),
      new x509.ExtendedKeyUsageExtension([x509.ExtendedKeyUsage.serverAuth]),
      new x509.SubjectAlternativeNameExtension(
        hosts.map((value) => ({ type: parseIp(value) ? "ip" as const : "dns" as const, value })),
      ),
    ],
  });
  const key = await crypto.subtle.exportKey("pkcs8", keys.privateKey);
  return {
    cert: certificate.toString("pem") + "\n",
    key: x509.PemConverter.encode(key, "PRIVATE KEY") + "\n",
  };
}
