import assert from "node:assert/strict";
import { createPrivateKey, X509Certificate } from "node:crypto";
import { readCertificate } from "../../src/tls/certificate.ts";
import { makeSelfSigned } from "../../src/tls/self_signed.ts";

const DAY_MS = 24 * 60 * 60 * 1000;
const HOSTS = ["localhost", "pi.local", "127.0.0.1", "192.168.1.20", "2001:db8::20"];

Deno.test("self-signed certificate is for its hosts only, and belongs to its key", async () => {
  const { cert, key } = await makeSelfSigned({ hosts: HOSTS, now: Date.now() });
  const certificate = new X509Certificate(cert);
  for (const host of ["localhost", "pi.local"]) assert.equal(certificate.checkHost(host), host);
  for (const address of HOSTS.slice(2)) assert(certificate.checkIP(address), address);
  assert.equal(certificate.checkHost("evil.example"), undefined);
  assert.equal(certificate.checkIP("192.168.1.21"), undefined);
  assert(certificate.checkPrivateKey(createPrivateKey(key)));
  assert.equal(certificate.ca, false, "it vouches for no other");
});

Deno.test("self-signed certificate lasts as long as browsers accept, and begins a day ago", async () => {
  const now = Date.UTC(2026, 5, 1, 12);
  const { cert } = await makeSelfSigned({ hosts: HOSTS, now });
  const { validFrom, validTo } = new X509Certificate(cert);
  assert.equal(Date.parse(validFrom), now - DAY_MS);
  assert.equal(Date.parse(validTo), now + 396 * DAY_MS);
});

Deno.test("self-signed certificates differ, and so do their fingerprints", async () => {
  const made = await Promise.all([1, 2].map(() => makeSelfSigned({ hosts: HOSTS, now: 1e12 })));
  const read = await Promise.all(made.map(({ cert }) => readCertificate(cert)));
  const [one, other] = read.map((certificate) => certificate?.fingerprint);
  assert.equal(one, new X509Certificate(made[0]!.cert).fingerprint256);
  assert.match(one!, /^([0-9A-F]{2}:){31}[0-9A-F]{2}$/);
  assert.notEqual(one, other);
});

Deno.test("self-signed certificate serves clients that trust it, under its names", async () => {
  const credentials = await makeSelfSigned({ hosts: ["localhost"], now: Date.now() });
  await using server = Deno.serve(
    { hostname: "127.0.0.1", port: 0, ...credentials, onListen() {} },
    ({ url }) => new Response(url),
  );
  const { port } = server.addr as Deno.NetAddr;
  using client = Deno.createHttpClient({ caCerts: [credentials.cert] });
  const response = await fetch(`https://localhost:${port}/here`, { client });
  assert.equal(await response.text(), `https://localhost:${port}/here`);
  await assert.rejects(fetch(`https://127.0.0.1:${port}/`, { client }), TypeError);
});
