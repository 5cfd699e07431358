import assert from "node:assert/strict";
import { temporaryFolder } from "../store/temporary_folder.ts";
import { movingClip } from "./clips.ts";
import { FakeCamera } from "./fake_camera.ts";
import { type Start, startInfiltrated } from "./infiltrated.ts";
import { administer, AS_STREAMER, postJson, untilHealth } from "./requests.ts";
import { StreamClient } from "./stream_client.ts";

/** Attempts that need read permission. */
const READS = [
  "read a file",
  "read a file by way of Node",
  "list a folder",
  "ask about a file",
  "list recordings",
];

/**
 * Tests that the program, started like this, can do only its work once it runs, and continues it.
 *
 * @param what How the program runs, for the tests' names.
 * @param mayRead Whether the program may still read files.
 */
export function testConfinement(what: string, how: () => Start, mayRead: boolean): void {
  Deno.test(`${what}: Deno confines code inside to the program's work`, async () => {
    using temporary = temporaryFolder();
    const folder = temporary.path;
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
      await using server = await startInfiltrated(
        how(),
        [
          "--source=test",
          "--record=recordings",
          "--record-codec=copy",
          "--webhook=http://127.0.0.1:9/",
        ],
        folder,
        {},
      );
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
      await using viewer = await StreamClient.open(`${server.origin}/stream`);
      await viewer.next(10, 10_000);
    } finally {
      abort.abort();
      await other.finished;
    }
  });

  Deno.test(`${what}: all work continues without the permissions of the start`, async () => {
    using temporary = temporaryFolder();
    const folder = temporary.path;
    await using camera = await FakeCamera.create({ clip: await movingClip() });
    const own = [`--source=${camera.device}`, "--resolution=640x480"];
    const env = { PATH: camera.searchPath };
    {
      await using server = await startInfiltrated(how(), own, folder, env);
      await using high = await StreamClient.open(`${server.origin}/stream`);
      await using low = await StreamClient.open(`${server.origin}/stream?quality=low`);
      await Promise.all([high.next(10, 10_000), low.next(10, 10_000)]);

      // Replacement threads.
      const { killed } = await server.command("kill workers");
      assert.ok(Number(killed) >= 1);
      await low.next(10, 10_000);

      // Drawn pictures: off air, unplugged, share card.
      await administer(server, "on-air", { onAir: false });
      await high.next(2, 10_000);
      await administer(server, "on-air", { onAir: true });
      const card = await fetch(`${server.origin}/admin/share-card.png`, { headers: AS_STREAMER });
      assert.equal(card.status, 200);
      assert.ok((await card.bytes()).length > 10_000);
      await camera.unplug();
      await untilHealth(server, 503);
      await camera.plugIn();
      await untilHealth(server, 200);

      // A new ffmpeg.
      await administer(server, "source", { source: "test" });
      await untilHealth(server, 200);
      await Promise.all([high.next(10, 10_000), low.next(10, 10_000)]);

      const given = await postJson(server, "/donate", { amount: 1, name: "Front desk" });
      assert.equal(given.status, 200, given.body.detail);
      const said = await postJson(server, "/chat", { text: "Kept", name: "Front desk" });
      assert.equal(said.status, 200, said.body.detail);
      for (const path of ["/", "/qr.svg", "/state", "/healthz", "/snapshot?quality=medium"]) {
        const response = await fetch(server.origin + path);
        assert.equal(response.status, 200, path);
        await response.body?.cancel();
      }
      // The data file is gone: nothing may be confirmed.
      await Deno.rename(`${folder}/data`, `${folder}/moved`);
      const lost = await postJson(server, "/chat", { text: "Lost", name: "Back desk" });
      assert.equal(lost.status, 503, lost.body.detail);
      await Deno.rename(`${folder}/moved`, `${folder}/data`);
      assert.equal((await server.stop()).code, 0, server.output());
      assert.doesNotMatch(server.output(), /NotCapable|Requires/);
    }
    await using again = await startInfiltrated(how(), own, folder, env);
    assert.match(await (await fetch(`${again.origin}/chat`)).text(), /"text":"Kept"/);
  });

  Deno.test(`${what}: ImageScript decodes in a thread started later`, async () => {
    using temporary = temporaryFolder();
    const folder = temporary.path;
    const own = ["--source=test", "--resolution=320x240", "--codec=imagescript"];
    await using server = await startInfiltrated(how(), own, folder, {});
    await server.command("kill workers");
    await using low = await StreamClient.open(`${server.origin}/stream?quality=low`);
    const parts = await low.next(5, 20_000);
    assert.ok(parts.every(({ quality }) => quality === "20"));
  });
}
