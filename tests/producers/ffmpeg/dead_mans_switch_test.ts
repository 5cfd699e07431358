import assert from "node:assert/strict";
import { setTimeout as delay } from "node:timers/promises";
import { armDeadMansSwitch } from "../../../src/producers/ffmpeg/dead_mans_switch.ts";

/** A process that would run for a minute and looks at nothing. */
function sleeper(): Deno.ChildProcess {
  return new Deno.Command("sleep", { args: ["60"], stdin: "piped" }).spawn();
}

Deno.test("a child whose switch is armed is killed when the other end of its input closes", async () => {
  const child = sleeper();
  armDeadMansSwitch(child.pid);
  await child.stdin.close();
  assert.equal((await child.status).signal, "SIGKILL");
});

Deno.test("a child whose switch is not armed outlives the end of its input", async () => {
  const child = sleeper();
  await child.stdin.close();
  await delay(100);
  child.kill("SIGTERM");
  assert.equal((await child.status).signal, "SIGTERM");
});

Deno.test("arming each of several children leaves the others alone", async () => {
  const children = [sleeper(), sleeper(), sleeper()];
  for (const { pid } of children) armDeadMansSwitch(pid);
  await children[1].stdin.close();
  assert.equal((await children[1].status).signal, "SIGKILL");
  await delay(50);
  for (const child of [children[0], children[2]]) {
    child.kill("SIGTERM");
    assert.equal((await child.status).signal, "SIGTERM");
    await child.stdin.close();
  }
});

Deno.test("arming throws where there is no such child", async () => {
  const child = new Deno.Command("true", { stdin: "piped" }).spawn();
  await child.status;
  await child.stdin.close().catch(() => {});
  assert.throws(() => armDeadMansSwitch(child.pid), /refuses pidfd_/);
});
