import assert from "node:assert/strict";
import { openStore } from "../../../src/store/open.ts";
import {
  ADMIN_TOKEN,
  startTestServer,
  type TestServer,
  TINY_JPEG,
} from "../../support/test_server.ts";

async function setRewind(server: TestServer, on: unknown): Promise<[number, unknown]> {
  const response = await server.get("/admin/rewind", {
    method: "POST",
    headers: { authorization: `Bearer ${ADMIN_TOKEN}`, "content-type": "application/json" },
    body: JSON.stringify({ on }),
  });
  return [response.status, await response.json()];
}

async function studioRewind(server: TestServer): Promise<{ on: boolean; bytes: number } | null> {
  const headers = { authorization: `Bearer ${ADMIN_TOKEN}` };
  return (await (await server.get("/admin/state", { headers })).json()).rewind;
}

Deno.test("rewinding switched off forgets everything at once, and stays off over a restart", async () => {
  using stack = new DisposableStack();
  const store = openStore(":memory:");
  stack.defer(() => store.close());
  {
    await using server = await startTestServer({ store });
    server.camera.publish(TINY_JPEG);
    await new Promise((resolve) => setTimeout(resolve, 20));
    const { past } = server.kept;
    assert.notEqual(past!.span, null);
    assert.equal(server.kept.rewind()?.seconds, 60);
    assert.deepEqual(await studioRewind(server), {
      on: true,
      bytes: TINY_JPEG.length,
      maxBytes: 50e6,
    });
    let cleared = 0;
    past!.events.on("clear", () => cleared++);
    assert.deepEqual(await setRewind(server, false), [200, { ok: true, on: false }]);
    assert.equal(cleared, 1);
    assert.equal(past!.span, null);
    assert.equal(server.kept.rewind(), null);
    server.camera.publish(TINY_JPEG);
    await new Promise((resolve) => setTimeout(resolve, 20));
    assert.equal(past!.span, null);
    assert.equal((await setRewind(server, "yes"))[0], 400);
  }
  await using server = await startTestServer({ store });
  assert.equal(server.kept.isOn, false);
  await setRewind(server, true);
  server.camera.publish(TINY_JPEG);
  await new Promise((resolve) => setTimeout(resolve, 20));
  assert.notEqual(server.kept.past!.span, null);
});

Deno.test("rewinding that was not started cannot be switched on", async () => {
  await using server = await startTestServer({ past: { rewind: 0, timelapse: 1000 } });
  server.camera.publish(TINY_JPEG);
  await new Promise((resolve) => setTimeout(resolve, 20));
  assert.equal((await setRewind(server, true))[0], 409);
  assert.equal(await studioRewind(server), null);
  assert.equal(server.kept.timelapse?.frames.length, 1);
});

Deno.test("nothing is kept off air, not even the card", async () => {
  await using server = await startTestServer();
  server.channel.setOnAir(false);
  await new Promise((resolve) => setTimeout(resolve, 20));
  server.camera.publish(TINY_JPEG);
  await new Promise((resolve) => setTimeout(resolve, 20));
  assert.notEqual(server.program.newest, null);
  assert.equal(server.kept.past!.span, null);
});
