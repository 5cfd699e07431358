import { dirname } from "node:path";
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

export interface KeptCertificateOptions {
  /** Of the file that holds certificate and key; `null` to keep nothing. */
  readonly path: string | null;
  /** Host names and IP addresses that a new one is for. */
  readonly hosts: readonly string[];
  /** Those of them without which the kept one is of no use. */
  readonly required: readonly string[];
  /** Told, in a sentence for the streamer, why the kept one was not used. */
  readonly onNotice: (sentence: string) => void;
  /** Milliseconds since the Unix epoch. */
  readonly now?: () => number;
}

/** With less left, a new one is made: a server may run for a month. Milliseconds. */
const LEAST_LEFT_MS = 30 * 24 * 60 * 60 * 1000;

/**
 * The certificate that was made and kept at an earlier start, or a new one, which is kept for this
 * user's eyes only. It stays when this machine's addresses change: every device has to accept each
 * new one, and has to accept that of a server it finds by another address anyway.
 *
 * @throws {UserError} It cannot be read or written.
 */
export async function keptCertificate(options: KeptCertificateOptions): Promise<Credentials> {
  const { path, hosts, required, onNotice, now = Date.now } = options;
  const make = () => makeSelfSigned({ hosts, now: now() });
  if (path === null) return await make();
  const text = await readIfThere(path);
  if (text !== null) {
    const kept = await parse(text);
    const problem = kept && problemOf(kept.certificate, required, now());
    if (kept && problem === null) return kept.credentials;
    if (kept) onNotice(`A new certificate was made, which devices have to accept once: ${problem}`);
    else onNotice(`The certificate "${path}" was damaged: ${await moveAway(path)}`);
  }
  const made = await make();
  await keep(path, made.cert + made.key);
  return made;
}

/** Both in one file, so that one is never there without the other. */
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

/** Why a certificate can be used no longer; `null` if it can. */
function problemOf(
  { end, names }: Certificate,
  required: readonly string[],
  now: number,
): string | null {
  if (end.getTime() - now < LEAST_LEFT_MS) {
    return `the last one is good until ${end.toISOString().slice(0, 10)}`;
  }
  const missing = required.find((host) => !names.includes(host));
  return missing === undefined ? null : `the last one was not for ${missing}`;
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

async function moveAway(path: string): Promise<string> {
  const aside = `${path}.damaged`;
  try {
    await Deno.rename(path, aside);
  } catch (error) {
    throw cannot("replace", path, error);
  }
  return `it is kept as "${aside}", a new one was made, which devices have to accept once`;
}

async function keep(path: string, text: string): Promise<void> {
  const begun = `${path}.new`;
  try {
    await Deno.mkdir(dirname(path), { recursive: true, mode: 0o700 });
    // What is there from a start that was cut short may have other permissions.
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
