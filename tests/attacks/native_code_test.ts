import assert from "node:assert/strict";
import { startProgram } from "../support/program.ts";
import { Watcher } from "../support/watcher.ts";

const TOKEN = "token-of-the-streamer";

Deno.test({
  name: "server loads no native addon to decode, draw and encode",
  ignore: Deno.build.os !== "linux",
  async fn() {
    const args = ["--source=test", "--resolution=320x240", "--codec=imagescript"];
    await using program = await startProgram([...args, `--admin-token=${TOKEN}`]);
    await using low = await Watcher.open(`${program.origin}/stream?quality=low`);
    await low.next(1, 10_000);
    const card = await fetch(`${program.origin}/admin/share-card.png`, {
      headers: { authorization: `Bearer ${TOKEN}` },
    });
    assert.equal(card.status, 200, program.output());
    await card.body?.cancel();
    const maps = await Deno.readTextFile(`/proc/${program.pid}/maps`);
    const files = new Set(maps.split("\n").flatMap((line) => /\/.*/.exec(line) ?? []));
    assert.ok([...files].some((path) => /\/libc[.-]/.test(path)), "no libraries found in memory");
    assert.deepEqual([...files].filter((path) => path.endsWith(".node")), []);
  },
});
