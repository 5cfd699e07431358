import { dirname } from "node:path";
import { type Clock, SYSTEM_CLOCK } from "../clock.ts";
import { UserError } from "../errors.ts";
import { reasonOfFile } from "../file_failure.ts";
import { specialFile } from "../special_file.ts";
import {
  belongTogether,
  type Certificate,
  type Credentials,
  findCertificate,
  findKey,
  publicKeyOf,
  readCertificate,
} from "./certificate.ts";
import { makeSelfSigned } from "./self_signed.ts";

/** Options of {@linkcode keptCertificate}. */
export interface KeptCertificateOptions {
  /** The path of the file that holds certificate and key; `null` to keep nothing. */
  readonly path: string | null;
  /** The host names and IP addresses that a new certificate is for. */
  readonly hosts: readonly string[];
  /** The hosts that the kept certificate must be for. */
  readonly required: readonly string[];
  /** Receives a sentence for the streamer about why the kept certificate is not used. */
  readonly onNotice: (sentence: string) => void;
  /** Default: the system's. */
  readonly clock?: Pick<Clock, "wall">;
}

/** The least time that a kept certificate must still be valid: a server may run for a month. Milliseconds. */
const LEAST_LEFT_MS = 30 * 24 * 60 * 60 * 1000;

/**
 * Returns the certificate that an earlier start made and kept, or makes and keeps a new one, which only
 * this user can read. The certificate stays when the addresses of this machine change: people would have
 * to accept a new one on every device, and a browser asks again for each address anyway.
 *
 * @throws {UserError} It cannot be read or written.
 */
export async function keptCertificate(options: KeptCertificateOptions): Promise<Credentials> {
  const { path, hosts, required, onNotice, clock = SYSTEM_CLOCK } = options;
  const make = () => makeSelfSigned({ hosts, now: clock.wall() });
  if (path === null) return await make();
  const text = await readIfThere(path);
  if (text !== null) {
    const kept = await parse(text);
    const problem = kept && problemOf(kept.certificate, required, clock.wall());
    if (kept && problem === null) return kept.credentials;
    if (kept) onNotice(`Created a new certificate, which each device must accept once: ${problem}`);
    else {
      const aside = await moveAway(path);
      onNotice(
        `The certificate "${path}" was damaged and is now "${aside}"; ` +
          "each device must accept the new one once",
      );
    }
  }
  const made = await make();
  await keep(path, made.cert + made.key);
  return made;
}

/** Reads certificate and key from one file, in which neither is ever without the other. */
async function parse(
  text: string,
): Promise<{ credentials: Credentials; certificate: Certificate } | null> {
  const cert = findCertificate(text);
  const key = findKey(text);
  const certificate = cert && await readCertificate(cert);
  const publicKey = key && publicKeyOf(key);
  if (!certificate || !publicKey || !belongTogether(certificate, publicKey)) return null;
  return { credentials: { cert, key }, certificate };
}

/** Returns why a certificate can no longer be used; `null` if it can. */
function problemOf(
  { end, names }: Certificate,
  required: readonly string[],
  now: number,
): string | null {
  if (end.getTime() - now < LEAST_LEFT_MS) {
    return `the previous one expires on ${end.toISOString().slice(0, 10)}`;
  }
  const missing = required.find((host) => !names.includes(host));
  return missing === undefined ? null : `the previous one does not cover ${missing}`;
}

async function readIfThere(path: string): Promise<string | null> {
  try {
    const kind = specialFile(path);
    if (kind !== null) throw new Error(kind);
    return await Deno.readTextFile(path);
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return null;
    throw cannot("read", path, error);
  }
}

/** Renames a damaged file and returns its new name. */
async function moveAway(path: string): Promise<string> {
  const aside = `${path}.damaged`;
  try {
    await Deno.rename(path, aside);
  } catch (error) {
    throw cannot("replace", path, error);
  }
  return aside;
}

async function keep(path: string, text: string): Promise<void> {
  const begun = `${path}.new`;
  try {
    await Deno.mkdir(dirname(path), { recursive: true, mode: 0o700 });
    // A file left by an interrupted start may have other permissions.
    await Deno.remove(begun).catch(() => {});
    await Deno.writeTextFile(begun, text, { createNew: true, mode: 0o600 });
    await Deno.rename(begun, path);
  } catch (error) {
    throw cannot("keep", path, error);
  }
}

function cannot(action: "read" | "replace" | "keep", path: string, error: unknown): UserError {
  const reason = reasonOfFile(error, action === "read" ? "read it" : "write there");
  return new UserError(`Cannot ${action} the certificate "${path}": ${reason}`, 1, {
    cause: error,
  });
}
