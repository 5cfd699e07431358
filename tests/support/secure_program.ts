import { makeSelfSigned } from "../../src/tls/self_signed.ts";
import { type Program, startProgram } from "./program.ts";

/** The program over HTTPS, and the certificate that its clients trust. */
export interface SecureProgram extends Program {
  readonly cert: string;
}

/** Starts the program with a certificate for 127.0.0.1. */
export async function startSecureProgram(args: readonly string[]): Promise<SecureProgram> {
  const folder = await Deno.makeTempDir();
  try {
    const { cert, key } = await makeSelfSigned({ hosts: ["127.0.0.1"], now: Date.now() });
    await Deno.writeTextFile(`${folder}/cert.pem`, cert);
    await Deno.writeTextFile(`${folder}/key.pem`, key);
    const files = [`--cert=${folder}/cert.pem`, `--key=${folder}/key.pem`];
    const program = await startProgram([...args, ...files]);
    return { ...program, origin: `https://127.0.0.1:${program.port}`, cert };
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}
