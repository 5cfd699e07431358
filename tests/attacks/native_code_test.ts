import assert from "node:assert/strict";
import { startProgram } from "../support/program.ts";
import { AS_STREAMER } from "../support/requests.ts";
import { StreamClient } from "../support/stream_client.ts";

Deno.test({
  name: "server loads no native addon to decode, draw and encode",
  ignore: Deno.build.os !== "linux",
  async fn() {
    const args = ["--source=test", "--resolution=320x240", "--codec=imagescript"];
    await using program = await startProgram(args);
    await using low = await StreamClient.open(`${program.origin}/stream?quality=low`);
    await low.next(1, 10_000);
    const card = await fetch(`${program.origin}/admin/share-card.png`, { headers: AS_STREAMER });
    assert.equal(card.status, 200, program.output());
    await card.body?.cancel();
    const maps = await Deno.readTextFile(`/proc/${program.pid}/maps`);
    const files = new Set(maps.split("\n").flatMap((line) => /\/.*/.exec(line) ?? []));
    assert.ok([...files].some((path) => /\/libc[.-]/.test(path)), "no libraries found in memory");
    assert.deepEqual([...files].filter((path) => path.endsWith(".node")), []);
  },
});
