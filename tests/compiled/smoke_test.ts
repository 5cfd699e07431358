import assert from "node:assert/strict";
import config from "../../deno.json" with { type: "json" };
import { runToEnd, startExecutable } from "./executable.ts";

/** Maximum time for a picture to arrive on a busy machine. Milliseconds. */
const PATIENCE_MS = 30_000;

Deno.test("executable runs on this system", async (test) => {
  await test.step("prints its version", async () => {
    const { code, stdout, stderr } = await runToEnd(["--version"]);
    assert.deepEqual([code, stderr], [0, ""]);
    assert.equal(stdout.split(" ")[0], config.version);
  });
  await using server = await startExecutable(["--source", "test", "--data", ":memory:"]);
  await test.step("serves a snapshot", async () => {
    const jpeg = await snapshot(server.origin);
    assert.deepEqual([...jpeg.subarray(0, 2), ...jpeg.subarray(-2)], [0xff, 0xd8, 0xff, 0xd9]);
  });
  await test.step("streams", async () => {
    const signal = AbortSignal.timeout(PATIENCE_MS);
    const response = await fetch(`${server.origin}/stream`, { signal });
    assert.equal(response.status, 200);
    let received = "";
    for await (const text of response.body!.pipeThrough(new TextDecoderStream("latin1"))) {
      received += text;
      if ([...received.matchAll(/content-type: image\/jpeg/gi)].length > 2) return;
    }
    assert.fail(`The stream ended: ${server.output()}`);
  });
  // Windows has no SIGTERM: Deno kills the process instead.
  await test.step({
    name: "ends",
    ignore: Deno.build.os === "windows",
    fn: async () => {
      server.kill("SIGTERM");
      assert.equal(await server.ended(5000), 0, server.output());
    },
  });
});

/** Returns a snapshot as soon as there is a picture. */
async function snapshot(origin: string): Promise<Uint8Array> {
  for (const deadline = Date.now() + PATIENCE_MS; Date.now() < deadline;) {
    const live = await fetch(`${origin}/healthz`);
    await live.body?.cancel();
    if (live.ok) return await (await fetch(`${origin}/snapshot`)).bytes();
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  assert.fail(`No picture after ${PATIENCE_MS} ms`);
}
