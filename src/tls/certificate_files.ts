import { type Clock, SYSTEM_CLOCK } from "../clock.ts";
import { UserError } from "../errors.ts";
import { reasonOfFile } from "../file_failure.ts";
import { specialFile } from "../special_file.ts";
import {
  belongTogether,
  type Credentials,
  findCertificate,
  findKey,
  publicKeyOf,
  readCertificate,
} from "./certificate.ts";

/** Options of {@linkcode readCertificateFiles}. */
export interface CertificateFilesOptions {
  /** The path of a PEM file with the certificate chain. */
  readonly cert: string;
  /** The path of a PEM file with the key; may be the same file. */
  readonly key: string;
  /** Receives a sentence about what browsers will warn of. */
  readonly onNotice: (sentence: string) => void;
  /** Default: the system's. */
  readonly clock?: Pick<Clock, "wall">;
}

/**
 * Reads a certificate chain and its key, as other programs made them.
 *
 * @throws {UserError} They cannot be read or used, or do not belong together.
 */
export async function readCertificateFiles(
  { cert: certPath, key: keyPath, onNotice, clock = SYSTEM_CLOCK }: CertificateFilesOptions,
): Promise<Credentials> {
  const cert = await readText("certificate", certPath);
  const key = await readText("key", keyPath);
  const certificatePem = findCertificate(cert);
  const keyPem = findKey(key);
  if (!certificatePem && findKey(cert)) {
    throw new UserError(
      findCertificate(key)
        ? `Swap --cert and --key: "${certPath}" is the key, "${keyPath}" the certificate`
        : `--cert must be the certificate: "${certPath}" is a private key`,
    );
  }
  if (!certificatePem) throw new UserError(`Cannot use the certificate "${certPath}": ${NO_PEM}`);
  const certificate = await readCertificate(certificatePem);
  if (!certificate) throw new UserError(`Cannot use the certificate "${certPath}": it is damaged`);
  if (!keyPem) throw new UserError(`Cannot use the key "${keyPath}": ${NO_PEM}`);
  if (ENCRYPTED.test(keyPem)) {
    throw new UserError(
      `The key "${keyPath}" has a passphrase: remove it with "openssl pkey"`,
    );
  }
  const publicKey = publicKeyOf(keyPem);
  if (!publicKey) throw new UserError(`Cannot use the key "${keyPath}": it is damaged`);
  if (!belongTogether(certificate, publicKey)) {
    throw new UserError(
      `The key "${keyPath}" does not match the first certificate in "${certPath}"`,
    );
  }
  const { begin, end } = certificate;
  const now = clock.wall();
  if (now >= end.getTime()) {
    onNotice(`The certificate "${certPath}" expired on ${dayOf(end)}: browsers will warn about it`);
  } else if (now < begin.getTime()) {
    onNotice(
      `The certificate "${certPath}" is not valid until ${
        dayOf(begin)
      }: browsers will warn about it`,
    );
  }
  return { cert, key };
}

const NO_PEM = "it is not in PEM format (text that starts with -----BEGIN)";

/** In PKCS #8 and in the older form (RFC 1421 section 4.6.1.1). */
const ENCRYPTED = /-----BEGIN ENCRYPTED PRIVATE KEY-----|^Proc-Type: 4,ENCRYPTED/m;

async function readText(what: string, path: string): Promise<string> {
  const cannotRead = (reason: string, cause?: unknown) =>
    new UserError(`Cannot read the ${what} "${path}": ${reason}`, 1, { cause });
  try {
    const kind = specialFile(path);
    if (kind !== null) throw cannotRead(kind);
    return await Deno.readTextFile(path);
  } catch (error) {
    if (error instanceof UserError) throw error;
    throw cannotRead(reasonOfFile(error, "read it"), error);
  }
}

function dayOf(date: Date): string {
  return date.toISOString().slice(0, 10);
}
