import assert from "node:assert/strict";
import { AS_STREAMER } from "../../support/requests.ts";
import {
  newViewer,
  startTestServer,
  type TestServer,
  TINY_JPEG,
} from "../../support/test_server.ts";

function post(server: TestServer, path: string, body: object, headers: HeadersInit = {}) {
  return server.get(path, {
    method: "POST",
    headers: { "content-type": "application/json", ...headers },
    body: JSON.stringify(body),
  });
}

async function refusalOf(response: Response): Promise<[number, string]> {
  return [response.status, (await response.json()).code];
}

Deno.test("clips are refused while nothing is kept, and where they are too long", async () => {
  await using server = await startTestServer({ ffmpeg: "/no/such/ffmpeg" });
  assert.deepEqual(await refusalOf(await post(server, "/clips", { seconds: 5 })), [
    409,
    "clip-empty",
  ]);
  server.camera.publish(TINY_JPEG);
  const long = { from: Date.now() - 11_000, to: Date.now(), format: "gif" };
  assert.deepEqual(await refusalOf(await post(server, "/clips", long)), [400, "clip-too-long"]);
  for (
    const wrong of [{}, { seconds: 0 }, { from: 5, to: 4 }, { from: -1, to: 4 }, { seconds: "x" }, {
      seconds: 5,
      format: "avi",
    }]
  ) {
    const response = await post(server, "/clips", wrong);
    assert.equal(response.status, 400, JSON.stringify(wrong));
    await response.body?.cancel();
  }
  const lapse = await post(server, "/clips", { timelapse: 10 });
  assert.deepEqual(await refusalOf(lapse), [409, "timelapse-off"]);
});

Deno.test("the streamer says who may make clips, and always may", async () => {
  await using server = await startTestServer({ ffmpeg: "/no/such/ffmpeg" });
  server.camera.publish(TINY_JPEG, Date.now() - 1_000);
  const viewer = await newViewer(server);
  for (const who of ["moderators", "nobody"]) {
    const changed = await post(server, "/admin/clips", { who }, AS_STREAMER);
    assert.deepEqual(await changed.json(), { ok: true, who });
    const code = who === "nobody" ? "clips-off" : "clips-for-moderators";
    assert.deepEqual(
      await refusalOf(await post(server, "/clips", { seconds: 5 }, viewer)),
      [403, code],
    );
  }
  const own = await post(server, "/clips", { seconds: 5 }, AS_STREAMER);
  assert.equal(own.status, 202);
  await own.body?.cancel();
});

Deno.test("clips of one address are paced", async () => {
  await using server = await startTestServer({ ffmpeg: "/no/such/ffmpeg" });
  server.camera.publish(TINY_JPEG, Date.now() - 1_000);
  const found: number[] = [];
  for (let i = 0; i < 5; i++) {
    const response = await post(server, "/clips", { seconds: 5 }, await newViewer(server));
    found.push(response.status);
    if (response.status === 429) assert.match(response.headers.get("retry-after")!, /^\d+$/);
    await response.body?.cancel();
  }
  assert.deepEqual(found, [202, 202, 202, 202, 429]);
});

Deno.test("switching rewinding off refuses clips", async () => {
  await using server = await startTestServer({ ffmpeg: "/no/such/ffmpeg" });
  server.camera.publish(TINY_JPEG, Date.now() - 1_000);
  const off = await post(server, "/admin/rewind", { on: false }, AS_STREAMER);
  await off.body?.cancel();
  assert.deepEqual(await refusalOf(await post(server, "/clips", { seconds: 5 })), [
    409,
    "rewind-off",
  ]);
});
