import assert from "node:assert/strict";
import { setTimeout as delay } from "node:timers/promises";
import { NotifySocket } from "../../support/notify_socket.ts";
import { startProgram } from "../../support/program.ts";

Deno.test("program reports that it is ready once it listens, and nothing while it is stuck", {
  ignore: Deno.build.os !== "linux",
}, async () => {
  const name = `livestream-test-${crypto.randomUUID()}`;
  using systemd = new NotifySocket(new TextEncoder().encode(`\0${name}`));
  const env = { NOTIFY_SOCKET: `@${name}`, WATCHDOG_USEC: "400000" };
  await using program = await startProgram(["--source=test", "--resolution=320x240"], { env });
  assert.equal(await systemd.next(), "READY=1");
  assert.equal(await systemd.next(), "WATCHDOG=1");
  const response = await fetch(`${program.origin}/healthz`);
  await response.body?.cancel();
  program.kill("SIGSTOP");
  await delay(50);
  systemd.take();
  await delay(500);
  assert.deepEqual(systemd.take(), []);
  program.kill("SIGCONT");
  assert.equal(await systemd.next(), "WATCHDOG=1");
});
