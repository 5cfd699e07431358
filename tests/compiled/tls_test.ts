import assert from "node:assert/strict";
import { runToEnd, startExecutable } from "./executable.ts";

Deno.test("executable serves HTTPS with a certificate that it creates, stores and reuses", async () => {
  const folder = await Deno.makeTempDir();
  try {
    const args = ["--source=test", "--tls=self-signed", `--data=${folder}/channel.db`];
    const printed = [];
    for (let start = 0; start < 2; start++) {
      await using server = await startExecutable(args);
      // Certificate and key are stored in one file.
      const kept = await Deno.readTextFile(`${folder}/channel.db.pem`);
      using client = Deno.createHttpClient({ caCerts: [kept.split("-----BEGIN PRIVATE")[0]!] });
      const response = await fetch(`${server.origin}/state`, { client });
      assert.equal((await response.json()).ok, true);
      printed.push(/Certificate +([0-9A-F:]+)/.exec(server.output())?.[1]);
    }
    assert(printed[0]);
    assert.equal(printed[0], printed[1]);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});

Deno.test("executable explains an invalid certificate", async () => {
  const file = await Deno.makeTempFile();
  const { code, stderr } = await runToEnd(["--source=test", `--cert=${file}`, `--key=${file}`]);
  await Deno.remove(file);
  assert.equal(code, 1);
  assert.match(stderr, /^Cannot use the certificate ".*": it is not in PEM format[^\n]*\n$/);
});
