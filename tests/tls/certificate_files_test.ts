import assert from "node:assert/strict";
import { generateKeyPairSync } from "node:crypto";
import { UserError } from "../../src/errors.ts";
import { readCertificateFiles } from "../../src/tls/certificate_files.ts";
import { makeSelfSigned } from "../../src/tls/self_signed.ts";

const DAY_MS = 24 * 60 * 60 * 1000;
const NOW = Date.UTC(2026, 5, 1);

const made = await makeSelfSigned({ hosts: ["localhost"], now: NOW });
const other = await makeSelfSigned({ hosts: ["localhost"], now: NOW });
const rsa = generateKeyPairSync("rsa", { modulusLength: 2048 });
const rsaKey = rsa.privateKey.export({ type: "pkcs8", format: "pem" }) as string;
const damaged = (pem: string) => pem.replace(/\n[^-\n]{8}/, "\nAAAAAAAA");

/** Reads files with these texts; `null` for one that is not there. */
async function read(texts: { cert: string | null; key: string | null }, now = NOW) {
  const folder = await Deno.makeTempDir();
  const notices: string[] = [];
  try {
    const paths = { cert: `${folder}/cert.pem`, key: `${folder}/key.pem` };
    for (const name of ["cert", "key"] as const) {
      const text = texts[name];
      if (text !== null) await Deno.writeTextFile(paths[name], text);
    }
    const onNotice = (sentence: string) => notices.push(sentence.replaceAll(`${folder}/`, ""));
    return {
      ...await readCertificateFiles({ ...paths, onNotice, clock: { wall: () => now } }),
      notices,
    };
  } catch (error) {
    assert(error instanceof UserError, String(error));
    assert.equal(error.exitCode, 1);
    throw new Error(error.message.replaceAll(`${folder}/`, ""));
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

Deno.test("certificate files are used as they are, with the whole chain", async () => {
  const chain = `Bag Attributes\n  friendlyName: x\n${made.cert}${other.cert}`;
  assert.deepEqual(await read({ cert: chain, key: made.key }), {
    cert: chain,
    key: made.key,
    notices: [],
  });
});

const fresh = await makeSelfSigned({ hosts: ["localhost"], now: Date.now() });

for (const both of [fresh.key + fresh.cert, fresh.cert + other.cert + fresh.key]) {
  Deno.test(`certificate files may be one that holds both, as ${both.slice(11, 22)} first`, async () => {
    const { cert, key } = await read({ cert: both, key: both });
    await using server = Deno.serve(
      { hostname: "127.0.0.1", port: 0, cert, key, onListen() {} },
      () => new Response("here"),
    );
    using client = Deno.createHttpClient({ caCerts: [fresh.cert] });
    const { port } = server.addr as Deno.NetAddr;
    assert.equal(await (await fetch(`https://localhost:${port}/`, { client })).text(), "here");
  });
}

const NO_PEM = "it is not in PEM format (text that starts with -----BEGIN)";
const ENCRYPTED = 'The key "key.pem" has a passphrase: remove it with "openssl pkey"';
const OLD_ENCRYPTED = `-----BEGIN EC PRIVATE KEY-----
Proc-Type: 4,ENCRYPTED
DEK-Info: AES-256-CBC,00

AAAA
-----END EC PRIVATE KEY-----
`;

for (
  const [what, cert, key, message] of [
    [
      "a certificate that is not there",
      null,
      made.key,
      'Cannot read the certificate "cert.pem": there is no such file',
    ],
    [
      "a key that is not there",
      made.cert,
      null,
      'Cannot read the key "key.pem": there is no such file',
    ],
    [
      "swapped files",
      made.key,
      made.cert,
      'Swap --cert and --key: "cert.pem" is the key, "key.pem" the certificate',
    ],
    [
      "a key for a certificate",
      made.key,
      made.key,
      '--cert must be the certificate: "cert.pem" is a private key',
    ],
    [
      "a certificate for a key",
      made.cert,
      made.cert,
      `Cannot use the key "key.pem": ${NO_PEM}`,
    ],
    [
      "something else for a certificate",
      "hello",
      made.key,
      `Cannot use the certificate "cert.pem": ${NO_PEM}`,
    ],
    ["an empty certificate", "", made.key, `Cannot use the certificate "cert.pem": ${NO_PEM}`],
    [
      "a damaged certificate",
      damaged(made.cert),
      made.key,
      'Cannot use the certificate "cert.pem": it is damaged',
    ],
    [
      "a damaged key",
      made.cert,
      damaged(made.key),
      'Cannot use the key "key.pem": it is damaged',
    ],
    [
      "another certificate's key",
      made.cert,
      other.key,
      'The key "key.pem" does not match the first certificate in "cert.pem"',
    ],
    [
      "a key of another kind",
      made.cert,
      rsaKey,
      'The key "key.pem" does not match the first certificate in "cert.pem"',
    ],
    [
      "a key with a passphrase",
      made.cert,
      made.key.replaceAll("PRIVATE", "ENCRYPTED PRIVATE"),
      ENCRYPTED,
    ],
    ["a key with a passphrase in the older form", made.cert, OLD_ENCRYPTED, ENCRYPTED],
  ] as const
) {
  Deno.test(`certificate files: ${what} is refused in a sentence`, async () => {
    await assert.rejects(read({ cert, key }), { message });
  });
}

Deno.test("certificate files: a folder is refused in a sentence", async () => {
  const folder = await Deno.makeTempDir();
  const reading = readCertificateFiles({ cert: folder, key: folder, onNotice() {} });
  const message = `Cannot read the certificate "${folder}": it is a folder`;
  await assert.rejects(reading, { message });
  await Deno.remove(folder);
});

Deno.test({
  name: "certificate files: a named pipe is refused in a sentence, and not waited for",
  ignore: Deno.build.os === "windows",
  async fn() {
    const folder = await Deno.makeTempDir();
    const [pipe, cert] = [`${folder}/pipe`, `${folder}/cert.pem`];
    assert.ok((await new Deno.Command("mkfifo", { args: [pipe] }).output()).success);
    await Deno.writeTextFile(cert, made.cert);
    const onNotice = () => {};
    await assert.rejects(readCertificateFiles({ cert: pipe, key: cert, onNotice }), {
      message: `Cannot read the certificate "${pipe}": it is a named pipe`,
    });
    await assert.rejects(readCertificateFiles({ cert, key: pipe, onNotice }), {
      message: `Cannot read the key "${pipe}": it is a named pipe`,
    });
    await Deno.remove(folder, { recursive: true });
  },
});

Deno.test("certificate files that are not valid now are used, with a notice", async () => {
  const at = async (now: number) => (await read(made, now)).notices;
  assert.deepEqual(await at(NOW + 396 * DAY_MS - 1), []);
  assert.deepEqual(await at(NOW + 396 * DAY_MS), [
    'The certificate "cert.pem" expired on 2027-07-02: browsers will warn about it',
  ]);
  assert.deepEqual(await at(NOW - 2 * DAY_MS), [
    'The certificate "cert.pem" is not valid until 2026-05-31: browsers will warn about it',
  ]);
});
