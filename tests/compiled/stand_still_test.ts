import assert from "node:assert/strict";
import { startInfiltrated } from "../support/infiltrated.ts";
import { NotifySocket } from "../support/notify_socket.ts";
import { healthOf } from "../support/process_health.ts";
import { Watcher } from "../support/watcher.ts";

const SOURCE = ["--source=test", "--resolution=320x240"];

/** Longer than the 5 s of the infiltrated program's watchdog. Milliseconds. */
const LONGER_MS = 6_000;

function program(): string {
  const path = Deno.env.get("INFILTRATED_EXECUTABLE");
  assert(path, "Set INFILTRATED_EXECUTABLE to what `make tests/output/infiltrated` made");
  return path;
}

function delay(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}

async function until(what: () => string, holds: () => boolean, withinMs: number): Promise<void> {
  for (const end = performance.now() + withinMs; !holds();) {
    assert(performance.now() < end, what());
    await delay(50);
  }
}

/** Returns the children of a process except ss. */
async function childrenOf(pid: number): Promise<string[]> {
  return (await healthOf(pid)).children.filter((name) => name !== "ss");
}

async function environmentsOfChildren(pid: number): Promise<string[]> {
  const children = await Deno.readTextFile(`/proc/${pid}/task/${pid}/children`);
  return await Promise.all(
    // A process may have ended meanwhile.
    children.trim().split(" ").map((child) =>
      Deno.readTextFile(`/proc/${child}/environ`).catch(() => "")
    ),
  );
}

Deno.test("hung executable is restarted and streams again with nothing lost", async (t) => {
  const folder = await Deno.makeTempDir({ prefix: "livestream-" });
  try {
    // Under nohup, and with a generated token.
    const start = { program: "nohup", args: [program()] };
    const env = { LIVESTREAM_ADMIN_TOKEN: "", LIVESTREAM_LOG_FORMAT: "text" };
    await using server = await startInfiltrated(start, SOURCE, folder, env);
    const { pid, origin, output } = server;
    const studios = () =>
      [...output().matchAll(/\/studio#([0-9a-f]{32})/g)].map(([, token]) => token);
    await until(output, () => studios().length === 1, 5_000);

    const body = JSON.stringify({ text: "Kept", name: "Front desk" });
    const headers = { "content-type": "application/json" };
    const said = await fetch(`${origin}/chat`, { method: "POST", headers, body });
    assert(said.ok, await said.text());
    const viewer = await Watcher.open(`${origin}/stream`);
    await viewer.next(10, 10_000);
    const before = await healthOf(pid);

    await t.step("a process that slept is not restarted", async () => {
      server.kill("SIGSTOP");
      await delay(LONGER_MS);
      server.kill("SIGCONT");
      await viewer.next(60, 10_000);
      assert.equal(viewer.isOver, false);
      assert.doesNotMatch(output(), /Restarting/);
    });

    await server.command("stand still");
    await until(output, () => studios().length === 2, 20_000);
    assert.match(output(), /error: Restarting: the server did not react for 5 s\n/);
    await viewer.ended;
    await viewer[Symbol.asyncDispose]();

    await t.step("address, token and messages are the same", async () => {
      const [first, second] = studios();
      assert.equal(second, first);
      await using again = await Watcher.open(`${origin}/stream`);
      await again.next(30, 10_000);
      const authorization = `Bearer ${first}`;
      const state = await fetch(`${origin}/admin/state`, { headers: { authorization } });
      assert.equal(state.status, 200, await state.text());
      assert.match(await (await fetch(`${origin}/chat`)).text(), /"text":"Kept"/);
    });

    await t.step("process is the same, without descriptors or children from before", async () => {
      const after = await healthOf(pid);
      assert(after.files < before.files + 10, `${after.files} files, ${before.files} before`);
      assert.deepEqual(await childrenOf(pid), ["ffmpeg"]);
      const environments = await environmentsOfChildren(pid);
      assert(environments.some((environment) => environment.includes("LIVESTREAM_")));
      assert.doesNotMatch(environments.join(), /LIVESTREAM_RESTARTED/);
    });

    await t.step("SIGHUP is still ignored, as under nohup, and SIGTERM ends it", async () => {
      server.kill("SIGHUP");
      await delay(500);
      const state = await fetch(`${origin}/state`);
      assert.equal(state.status, 200, await state.text());
      assert.equal((await server.stop()).code, 0, output());
    });
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});

Deno.test("executable under systemd's watchdog leaves a hang to systemd", async () => {
  const folder = await Deno.makeTempDir({ prefix: "livestream-" });
  try {
    using systemd = new NotifySocket(new TextEncoder().encode(`${folder}/notify`));
    const env = { NOTIFY_SOCKET: `${folder}/notify`, WATCHDOG_USEC: "2000000" };
    const start = { program: program(), args: [] };
    await using server = await startInfiltrated(start, SOURCE, folder, env);
    assert.equal(await systemd.next(), "READY=1");
    assert.equal(await systemd.next(), "WATCHDOG=1");
    await server.command("stand still");
    await delay(100);
    systemd.take();
    await delay(LONGER_MS);
    assert.deepEqual(systemd.take(), []);
    assert.doesNotMatch(server.output(), /Restarting/);
    server.kill("SIGKILL");
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});
