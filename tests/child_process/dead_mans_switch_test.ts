import assert from "node:assert/strict";
import { setTimeout as delay } from "node:timers/promises";
import { armDeadMansSwitch } from "../../src/child_process/dead_mans_switch.ts";
import { isRunning } from "../support/is_running.ts";

const PROGRAM = new URL("../support/switch_program.ts", import.meta.url);

/** A process that would run for a minute and looks at nothing. */
function sleeper(): Deno.ChildProcess {
  return new Deno.Command("sleep", { args: ["60"], stdin: "piped" }).spawn();
}

Deno.test("a child whose switch is closed is killed", async () => {
  const child = sleeper();
  armDeadMansSwitch(child.pid)();
  assert.equal((await child.status).signal, "SIGKILL");
  await child.stdin.close().catch(() => {});
});

Deno.test("a child whose switch is armed may use its input", async () => {
  const child = new Deno.Command("cat", { stdin: "piped", stdout: "piped" }).spawn();
  const disarm = armDeadMansSwitch(child.pid);
  const writer = child.stdin.getWriter();
  await writer.write(new TextEncoder().encode("frame"));
  await writer.close();
  const { signal, stdout } = await child.output();
  assert.deepEqual([signal, new TextDecoder().decode(stdout)], [null, "frame"]);
  disarm();
});

Deno.test("arming each of several children leaves the others alone", async () => {
  const children = [sleeper(), sleeper(), sleeper()];
  const switches = children.map(({ pid }) => armDeadMansSwitch(pid));
  switches[1]();
  assert.equal((await children[1].status).signal, "SIGKILL");
  await delay(50);
  for (const child of [children[0], children[2]]) {
    child.kill("SIGTERM");
    assert.equal((await child.status).signal, "SIGTERM");
  }
  for (const child of children) await child.stdin.close().catch(() => {});
  for (const i of [0, 2]) switches[i]();
});

for (const signal of ["SIGKILL", "SIGTERM"] as const) {
  Deno.test(`a stopped child that reads its input dies with its parent, by ${signal}`, async () => {
    const parent = new Deno.Command(Deno.execPath(), {
      args: ["run", "--allow-all", "--no-check", PROGRAM.pathname],
      stdin: "null",
      stdout: "piped",
    }).spawn();
    const output = parent.stdout.getReader();
    const { value } = await output.read();
    const pid = Number(new TextDecoder().decode(value));
    assert(pid > 0 && await isRunning(pid));
    parent.kill(signal);
    await parent.status;
    await output.cancel();
    for (let i = 0; i < 100 && await isRunning(pid); i++) await delay(20);
    assert.equal(await isRunning(pid), false);
  });
}
