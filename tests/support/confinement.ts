import assert from "node:assert/strict";
import { movingClip } from "./clips.ts";
import { FakeCamera } from "./fake_camera.ts";
import { type Infiltrated, type Start, startInfiltrated, TOKEN } from "./infiltrated.ts";
import { Watcher } from "./watcher.ts";

/** Attempts that need read permission. */
const READS = ["read a file", "read a file by way of Node", "list a folder", "ask about a file"];

async function post(server: Infiltrated, path: string, body: unknown): Promise<Response> {
  const response = await fetch(server.origin + path, {
    method: "POST",
    headers: { "content-type": "application/json", authorization: `Bearer ${TOKEN}` },
    body: JSON.stringify(body),
  });
  assert.ok(response.ok, `${path}: ${response.status} ${await response.clone().text()}`);
  return response;
}

/**
 * Tests that the program, started like this, can do only its work once it runs, and continues it.
 *
 * @param what How the program runs, for the tests' names.
 * @param mayRead Whether the program may still read files.
 */
export function testConfinement(what: string, how: () => Start, mayRead: boolean): void {
  Deno.test(`${what}: Deno confines code inside to the program's work`, async () => {
    const folder = await Deno.makeTempDir({ prefix: "confined_" });
    const abort = new AbortController();
    let visits = 0;
    const other = Deno.serve(
      { hostname: "127.0.0.1", port: 0, signal: abort.signal, onListen() {} },
      () => {
        visits++;
        return new Response("elsewhere");
      },
    );
    try {
      await using server = await startInfiltrated(how(), ["--source=test"], folder, {});
      const outcomes = await server.command(`try http://127.0.0.1:${other.addr.port}`);
      for (const [attempt, outcome] of Object.entries(outcomes)) {
        // It may have to when descriptors run out.
        if (attempt === "listen where it listens") assert.equal(outcome, "done");
        else if (mayRead && READS.includes(attempt)) assert.equal(outcome, "done", attempt);
        // Deno 2.6 reports a refused connection there.
        else if (/by way of Node$/.test(attempt)) {
          assert.match(`${outcome}`, /^(NotCapable|Error)$/);
        } else assert.equal(outcome, "NotCapable", attempt);
      }
      assert.equal(visits, 0);
      const left = Array.from(Deno.readDirSync(folder), ({ name }) => name);
      assert.deepEqual(left.filter((name) => name.includes("intruder")), []);
      await using viewer = await Watcher.open(`${server.origin}/stream`);
      await viewer.next(10, 10_000);
    } finally {
      abort.abort();
      await other.finished;
      await Deno.remove(folder, { recursive: true });
    }
  });

  Deno.test(`${what}: all work continues without the permissions of the start`, async () => {
    const folder = await Deno.makeTempDir({ prefix: "confined_" });
    try {
      await using camera = await FakeCamera.create({ clip: await movingClip() });
      const own = [`--source=${camera.device}`, "--resolution=640x480"];
      const env = { PATH: camera.searchPath };
      {
        await using server = await startInfiltrated(how(), own, folder, env);
        await using high = await Watcher.open(`${server.origin}/stream`);
        await using low = await Watcher.open(`${server.origin}/stream?quality=low`);
        await Promise.all([high.next(10, 10_000), low.next(10, 10_000)]);

        // Replacement threads.
        const { killed } = await server.command("kill workers");
        assert.ok(Number(killed) >= 1);
        await low.next(10, 10_000);

        // Drawn pictures: off air, unplugged, share card.
        await post(server, "/admin/on-air", { onAir: false });
        await high.next(2, 10_000);
        await post(server, "/admin/on-air", { onAir: true });
        const authorization = `Bearer ${TOKEN}`;
        const card = await fetch(`${server.origin}/admin/share-card.png`, {
          headers: { authorization },
        });
        assert.equal(card.status, 200);
        assert.ok((await card.bytes()).length > 10_000);
        await camera.unplug();
        await waitForHealth(server, 503);
        await camera.plugIn();
        await waitForHealth(server, 200);

        // A new ffmpeg.
        await post(server, "/admin/source", { source: "test" });
        await waitForHealth(server, 200);
        await Promise.all([high.next(10, 10_000), low.next(10, 10_000)]);

        await post(server, "/donate", { amount: 1, name: "Front desk" });
        await post(server, "/chat", { text: "Kept", name: "Front desk" });
        for (const path of ["/", "/qr.svg", "/state", "/healthz", "/snapshot?quality=medium"]) {
          const response = await fetch(server.origin + path);
          assert.equal(response.status, 200, path);
          await response.body?.cancel();
        }
        // The data file is gone: nothing may be confirmed.
        await Deno.rename(`${folder}/data`, `${folder}/moved`);
        const lost = await fetch(`${server.origin}/chat`, {
          method: "POST",
          headers: { "content-type": "application/json" },
          body: JSON.stringify({ text: "Lost", name: "Back desk" }),
        });
        assert.equal(lost.status, 503, await lost.text());
        await Deno.rename(`${folder}/moved`, `${folder}/data`);
        assert.equal((await server.stop()).code, 0, server.output());
        assert.doesNotMatch(server.output(), /NotCapable|Requires/);
      }
      await using again = await startInfiltrated(how(), own, folder, env);
      assert.match(await (await fetch(`${again.origin}/chat`)).text(), /"text":"Kept"/);
    } finally {
      await Deno.remove(folder, { recursive: true });
    }
  });

  Deno.test(`${what}: ImageScript decodes in a thread started later`, async () => {
    const folder = await Deno.makeTempDir({ prefix: "confined_" });
    try {
      const own = ["--source=test", "--resolution=320x240", "--codec=imagescript"];
      await using server = await startInfiltrated(how(), own, folder, {});
      await server.command("kill workers");
      await using low = await Watcher.open(`${server.origin}/stream?quality=low`);
      const parts = await low.next(5, 20_000);
      assert.ok(parts.every(({ headers }) => headers.get("x-quality") === "20"));
    } finally {
      await Deno.remove(folder, { recursive: true });
    }
  });
}

async function waitForHealth({ origin, output }: Infiltrated, wanted: number): Promise<void> {
  for (const end = performance.now() + 15_000; performance.now() < end;) {
    const { status, body } = await fetch(`${origin}/healthz`);
    await body?.cancel();
    if (status === wanted) return;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  assert.fail(`/healthz never had status ${wanted}: ${output()}`);
}
