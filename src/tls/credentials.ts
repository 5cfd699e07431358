import { isLinkLocal, isUnspecified, parseIp, plainAddress } from "../net/ip_address.ts";
import { type Credentials, readCertificate } from "./certificate.ts";
import { readCertificateFiles } from "./certificate_files.ts";
import { keptCertificate } from "./kept_certificate.ts";

/** Options of {@linkcode loadCredentials}. */
export interface CredentialsOptions {
  /** The streamer's own certificate file; `null` together with `key`. */
  readonly cert: string | null;
  /** The streamer's own key file. */
  readonly key: string | null;
  /** How to serve HTTPS without such files; `null` for not at all. */
  readonly tls: "self-signed" | null;
  /** The file that stores chat and donations; a made certificate is kept beside it. */
  readonly data: string;
  /** The address or name to listen on. */
  readonly host: string;
  /** The names by which the network knows this machine. */
  readonly machineNames: readonly string[];
  /** The names that the streamer allowed in addition. */
  readonly allowHost: readonly string[];
  /** Receives a sentence about the certificate for the streamer. */
  readonly onNotice: (sentence: string) => void;
}

/** The certificate and the key to serve HTTPS with. */
export interface ServedCredentials extends Credentials {
  /** The fingerprint of a self-signed certificate, for people to compare; else `null`. */
  readonly fingerprint: string | null;
}

/**
 * Loads or makes the certificate and key that the options ask for; returns `null` if they ask for none.
 *
 * @throws {UserError} The files cannot be read, used or written.
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
    // A server that stores nothing does not store a key either.
    path: data === ":memory:" ? null : `${data}.pem`,
    hosts: hostsOf(options),
    required: allowHost,
    onNotice,
  });
  const { fingerprint } = (await readCertificate(credentials.cert))!;
  return { ...credentials, fingerprint };
}

/** Returns every name and address by which viewers may open the server. */
function hostsOf({ host, machineNames, allowHost }: CredentialsOptions): string[] {
  const addresses = Deno.networkInterfaces().map(({ address }) => plainAddress(address))
    .filter((address) => !isLinkLocal(address));
  const own = isUnspecified(host) ? [] : [host];
  const names = ["localhost", ...machineNames, ...own, ...allowHost]
    .map((name) => name.toLowerCase());
  // Only host names: any other name, such as one with an underscore, makes an invalid certificate.
  const sound = names.filter((name) => parseIp(name) !== null || /^[a-z0-9.-]+$/.test(name));
  return [...new Set([...sound, "127.0.0.1", "::1", ...addresses])];
}
