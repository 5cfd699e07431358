import assert from "node:assert/strict";
import { writeHandover } from "../../../src/watchdog/handover.ts";
import { freePort } from "../../support/free_port.ts";
import { startProgram } from "../../support/program.ts";

const TOKEN = "0123456789abcdef0123456789abcdef";

Deno.test("program that takes over has the port and the token of the previous one", async () => {
  const port = freePort();
  const handover = writeHandover({ adminToken: TOKEN, port, restarts: 1, offAir: true });
  const env = { LIVESTREAM_RESTARTED: handover };
  await using program = await startProgram(["--source=test", "--resolution=320x240"], { env });
  assert.equal(program.port, port);
  const headers = { authorization: `Bearer ${TOKEN}` };
  const response = await fetch(`${program.origin}/admin/state`, { headers });
  assert.equal(response.status, 200, await response.text());
  assert.doesNotMatch(program.output(), new RegExp(TOKEN));
});

Deno.test("program waits for a minute after four restarts in a row, and can be ended meanwhile", async () => {
  const handover = writeHandover({ adminToken: TOKEN, port: 8081, restarts: 4, offAir: false });
  const child = new Deno.Command(Deno.execPath(), {
    args: ["run", "-A", "main.ts", "--source=test", "--data=:memory:"],
    cwd: new URL("../../../", import.meta.url),
    env: { LIVESTREAM_RESTARTED: handover },
    stdin: "null",
    stdout: "null",
    stderr: "piped",
  }).spawn();
  const reader = child.stderr.pipeThrough(new TextDecoderStream()).getReader();
  const { value } = await reader.read();
  assert.match(value ?? "", /Starting in 60 s: the server stopped responding 4 times in a row\n$/);
  child.kill("SIGTERM");
  assert.equal((await child.status).signal, "SIGTERM");
  await reader.cancel();
});
