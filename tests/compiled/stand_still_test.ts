import assert from "node:assert/strict";
import { setTimeout as delay } from "node:timers/promises";
import { temporaryFolder } from "../store/temporary_folder.ts";
import { startInfiltrated } from "../support/infiltrated.ts";
import { NotifySocket } from "../support/notify_socket.ts";
import { healthOf } from "../support/process_health.ts";
import { postJson } from "../support/requests.ts";
import { StreamClient } from "../support/stream_client.ts";
import { until } from "../support/until.ts";

const SOURCE = ["--source=test", "--resolution=320x240"];

/** Longer than the 5 s of the infiltrated program's watchdog. Milliseconds. */
const LONGER_MS = 6_000;

function program(): string {
  const path = Deno.env.get("INFILTRATED_EXECUTABLE");
  assert(path, "Set INFILTRATED_EXECUTABLE to what `make tests/output/infiltrated` made");
  return path;
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
  using temporary = temporaryFolder();
  const folder = temporary.path;
  // Under nohup, and with a generated token.
  const start = { program: "nohup", args: [program()] };
  const env = { LIVESTREAM_ADMIN_TOKEN: "", LIVESTREAM_LOG_FORMAT: "text" };
  await using server = await startInfiltrated(start, SOURCE, folder, env);
  const { pid, origin, output } = server;
  const studios = () =>
    [...output().matchAll(/\/studio#([0-9a-f]{32})/g)].map(([, token]) => token);
  await until("a token", studios, ({ length }) => length === 1, { timeout: 5_000 });

  const said = await postJson(server, "/chat", { text: "Kept", name: "Front desk" });
  assert.equal(said.status, 200, said.body.detail);
  const viewer = await StreamClient.open(`${origin}/stream`);
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
  await until("the restart", studios, ({ length }) => length === 2, { timeout: 20_000 });
  assert.match(output(), /error: Restarting: the server did not respond for 5 s\n/);
  await viewer.ended;
  await viewer[Symbol.asyncDispose]();

  await t.step("address, token and messages are the same", async () => {
    const [first, second] = studios();
    assert.equal(second, first);
    await using again = await StreamClient.open(`${origin}/stream`);
    await again.next(30, 10_000);
    const authorization = `Bearer ${first}`;
    const state = await fetch(`${origin}/admin/state`, { headers: { authorization } });
    assert.equal(state.status, 200, await state.text());
    assert.match(await (await fetch(`${origin}/chat`)).text(), /"text":"Kept"/);
  });

  await t.step("process is the same, without descriptors or children from before", async () => {
    const after = await healthOf(pid);
    assert(after.files < before.files + 10, `${after.files} files, ${before.files} before`);
    assert.deepEqual((await healthOf(pid)).children, ["ffmpeg"]);
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
});

Deno.test("executable under systemd's watchdog leaves a hang to systemd", async () => {
  using temporary = temporaryFolder();
  const folder = temporary.path;
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
});
