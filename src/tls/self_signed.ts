import { parseIp } from "../net/ip_address.ts";
import type { Credentials } from "./certificate.ts";
import { loadX509 } from "./x509.ts";

export interface SelfSignedOptions {
  /** Host names and IP addresses that it is for. */
  readonly hosts: readonly string[];
  /** Milliseconds since the Unix epoch. */
  readonly now: number;
}

const DAY_MS = 24 * 60 * 60 * 1000;

/** Some browsers trust none that lasts longer, whoever vouches for it. */
const LIFE_MS = 397 * DAY_MS;

const ALGORITHM = { name: "ECDSA", namedCurve: "P-256", hash: "SHA-256" };

/**
 * Makes a certificate that nobody vouches for (RFC 5280), valid from a day ago, as not every clock
 * is right, and its key. It is a server's, and cannot vouch for others, so who trusts it trusts
 * no more than this server.
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
