import assert from "node:assert/strict";
import { AS_STREAMER } from "../../support/requests.ts";
import { startTestServer } from "../../support/test_server.ts";

async function post(
  server: { get: (path: string, init: RequestInit) => Promise<Response> },
  url: string,
) {
  const response = await server.get("/admin/publish", {
    method: "POST",
    headers: { ...AS_STREAMER, "content-type": "application/json" },
    body: JSON.stringify({ url }),
  });
  return { status: response.status, text: await response.text() };
}

Deno.test("HLS cannot be uploaded to a target that is added in the studio, which is said", async () => {
  await using server = await startTestServer();
  for (const folder of ["/var/www/live", "./live", "."]) {
    const { status, text } = await post(server, folder);
    assert.equal(status, 409, text);
    assert.match(text, /may open a folder only when it starts: start it with --publish/);
  }
  const { status, text } = await post(server, "https://me:QZJX@media.example/live/");
  assert.equal(status, 409, text);
  assert.match(text, /may upload files only if it was started so: start it with --publish/);
  assert.doesNotMatch(text, /QZJX|media/);
});

Deno.test("what is no address is refused without repeating it", async () => {
  await using server = await startTestServer();
  for (const wrong of ["QZJX", "QZJX/live", "https://media.example/QZJX", ""]) {
    const { status, text } = await post(server, wrong);
    assert.equal(status, 400, text);
    assert.match(text, /rtmp:\/\/.*https:\/\/ and ends with \/whip/);
    assert.doesNotMatch(text, /QZJX|folder/);
  }
});
