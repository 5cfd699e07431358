import assert from "node:assert/strict";
import { X509Certificate } from "node:crypto";
import { UserError } from "../../src/errors.ts";
import { keptCertificate, type KeptCertificateOptions } from "../../src/tls/kept_certificate.ts";

const DAY_MS = 24 * 60 * 60 * 1000;
const NOW = Date.UTC(2026, 5, 1);

interface Start {
  readonly cert: string;
  readonly key: string;
  readonly notices: readonly string[];
}

/** Tests starts of a program that keeps its certificate at a path in a folder that goes away. */
async function inFolder(
  test: (
    start: (options?: Partial<KeptCertificateOptions>) => Promise<Start>,
    path: string,
  ) => Promise<void>,
): Promise<void> {
  const folder = await Deno.makeTempDir();
  const path = `${folder}/deeper/channel.db.pem`;
  const start = async (options: Partial<KeptCertificateOptions> = {}) => {
    const notices: string[] = [];
    const credentials = await keptCertificate({
      path,
      hosts: ["localhost", ...options.required ?? []],
      required: [],
      onNotice: (sentence) => notices.push(sentence.replaceAll(`${folder}/deeper/`, "")),
      clock: { wall: () => NOW },
      ...options,
    });
    return { ...credentials, notices };
  };
  try {
    await test(start, path);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

const ANEW = "Created a new certificate, which each device must accept once";

Deno.test("kept certificate is made once, readable only by this user, and used at later starts", async () => {
  await inFolder(async (start, path) => {
    const first = await start();
    assert.equal((await Deno.stat(path)).mode! & 0o777, 0o600);
    assert.deepEqual(await start(), first);
    assert.deepEqual(first.notices, []);
  });
});

Deno.test("kept certificate stays when the machine's addresses change", async () => {
  await inFolder(async (start) => {
    const { cert } = await start({ hosts: ["localhost", "192.168.1.20"] });
    assert.equal((await start({ hosts: ["localhost", "10.0.0.5"] })).cert, cert);
  });
});

Deno.test("kept certificate is made anew, with a notice, when it ends within a month", async () => {
  await inFolder(async (start) => {
    const { cert } = await start();
    assert.equal((await start({ clock: { wall: () => NOW + 366 * DAY_MS } })).cert, cert);
    const later = NOW + 366 * DAY_MS + 1;
    const renewed = await start({ clock: { wall: () => later } });
    assert.deepEqual(renewed.notices, [`${ANEW}: the previous one expires on 2027-07-02`]);
    assert(Date.parse(new X509Certificate(renewed.cert).validTo) > later + 365 * DAY_MS);
    assert.equal((await start({ clock: { wall: () => later } })).cert, renewed.cert);
  });
});

Deno.test("kept certificate is made anew for another name that viewers may use", async () => {
  await inFolder(async (start) => {
    const { cert } = await start();
    const required = ["stream.example"];
    const renewed = await start({ required });
    assert.deepEqual(renewed.notices, [`${ANEW}: the previous one does not cover stream.example`]);
    assert.notEqual(renewed.cert, cert);
    assert.equal((await start({ required })).cert, renewed.cert);
    assert.equal((await start()).cert, renewed.cert, "one name more does no harm");
  });
});

for (
  const [what, damage] of [
    ["an empty file", () => ""],
    ["one that was cut off", (text: string) => text.slice(0, text.length / 2)],
    [
      "a certificate without its key",
      (text: string) => text.slice(0, text.indexOf("-----BEGIN PRIVATE")),
    ],
    ["something else", () => "\u0000\u00ff".repeat(5000)],
  ] as const
) {
  Deno.test(`kept certificate that is damaged, as ${what}, is kept aside and another made`, async () => {
    await inFolder(async (start, path) => {
      const { cert } = await start();
      const damaged = damage(await Deno.readTextFile(path));
      await Deno.writeTextFile(path, damaged);
      const next = await start();
      assert.deepEqual(next.notices, [
        'The certificate "channel.db.pem" was damaged and is now "channel.db.pem.damaged"; ' +
        "each device must accept the new one once",
      ]);
      assert.notEqual(next.cert, cert);
      assert.equal(await Deno.readTextFile(`${path}.damaged`), damaged);
      assert.equal((await start()).cert, next.cert);
    });
  });
}

Deno.test("kept certificate with another one's key is damaged", async () => {
  await inFolder(async (start, path) => {
    const { cert } = await start();
    const { key } = await start({ path: `${path}.other` });
    await Deno.writeTextFile(path, cert + key);
    assert.match((await start()).notices.join(), /was damaged/);
  });
});

Deno.test("kept certificate is made despite the file of an interrupted start", async () => {
  await inFolder(async (start, path) => {
    await start({ path: `${path}.x` });
    await Deno.writeTextFile(`${path}.new`, "half a cert", { mode: 0o644 });
    const { cert } = await start();
    assert.equal((await Deno.stat(path)).mode! & 0o777, 0o600);
    assert.equal((await start()).cert, cert);
  });
});

Deno.test("kept certificate is not stored if nothing is to be stored", async () => {
  await inFolder(async (start, path) => {
    await start({ path: `${path}.x` });
    const { cert } = await start({ path: null });
    assert.notEqual((await start({ path: null })).cert, cert);
    await assert.rejects(Deno.stat(path), Deno.errors.NotFound);
  });
});

Deno.test("kept certificate that cannot be stored is refused in a sentence", async () => {
  await inFolder(async (start, path) => {
    await start({ path: `${path}.x` });
    await Deno.mkdir(`${path}.new/full`, { recursive: true });
    await assert.rejects(start(), (error) => {
      assert(error instanceof UserError);
      return error.message.startsWith(`Cannot keep the certificate "${path}": `);
    });
  });
});

Deno.test({
  name: "kept certificate is not waited for where a named pipe stands in its place",
  ignore: Deno.build.os === "windows",
  async fn() {
    await inFolder(async (start, path) => {
      await Deno.mkdir(path.replace(/[^/]*$/, ""));
      assert.ok((await new Deno.Command("mkfifo", { args: [path] }).output()).success);
      await assert.rejects(start(), {
        name: "UserError",
        message: `Cannot read the certificate "${path}": it is a named pipe`,
      });
    });
  },
});
