import { isLinkLocal, isUnspecified, parseIp, plainAddress } from "../net/ip_address.ts";
import { type Credentials, readCertificate } from "./certificate.ts";
import { readCertificateFiles } from "./certificate_files.ts";
import { keptCertificate } from "./kept_certificate.ts";

export interface CredentialsOptions {
  /** Files of the streamer's own, both or none. */
  readonly cert: string | null;
  readonly key: string | null;
  readonly tls: "self-signed" | null;
  /** The file that chat and donations are kept in, beside which a certificate is kept. */
  readonly data: string;
  /** What the server listens on. */
  readonly host: string;
  /** The names by which the network knows this machine. */
  readonly machineNames: readonly string[];
  /** Names of the streamer's choice. */
  readonly allowHost: readonly string[];
  readonly onNotice: (sentence: string) => void;
}

/** What HTTPS is served with. */
export interface ServedCredentials extends Credentials {
  /** To be compared by people, of a certificate that nobody vouches for; else `null`. */
  readonly fingerprint: string | null;
}

/**
 * The certificate and key for HTTPS that the options ask for; `null` where they ask for none.
 *
 * @throws {UserError} They cannot be had.
 */
export async function loadCredentials(
  options: CredentialsOptions,
): Promise<ServedCredentials | null> {
  const { cert, key, tls, data, allowHost, onNotice } = options;
  if (cert !== null && key !== null) {
    return { ...await readCertificateFiles({ cert, key, onNotice }), fingerprint: null };
  }
  if (tls === null) return null;
  const credentials = await keptCertificate({
    // What is told to keep nothing keeps no key either.
    path: data === ":memory:" ? null : `${data}.pem`,
    hosts: hostsOf(options),
    required: allowHost,
    onNotice,
  });
  const { fingerprint } = (await readCertificate(credentials.cert))!;
  return { ...credentials, fingerprint };
}

/** Everything by which viewers may find the server. */
function hostsOf({ host, machineNames, allowHost }: CredentialsOptions): string[] {
  const addresses = Deno.networkInterfaces().map(({ address }) => plainAddress(address))
    .filter((address) => !isLinkLocal(address));
  const own = isUnspecified(host) ? [] : [host];
  const names = ["localhost", ...machineNames, ...own, ...allowHost]
    .map((name) => name.toLowerCase());
  // Host names alone: others, such as one with an underscore, make no sound certificate.
  const sound = names.filter((name) => parseIp(name) !== null || /^[a-z0-9.-]+$/.test(name));
  return [...new Set([...sound, "127.0.0.1", "::1", ...addresses])];
}
