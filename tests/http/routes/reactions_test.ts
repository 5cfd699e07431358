import assert from "node:assert/strict";
import { LiveClient } from "../../support/live_client.ts";
import { newViewer, startTestServer } from "../../support/test_server.ts";

async function openPage(now: () => number) {
  const server = await startTestServer({ now });
  const react = async (headers: Readonly<Record<string, string>>, reaction: string) => {
    const response = await server.get("/reactions", {
      method: "POST",
      headers: { ...headers, "content-type": "application/json" },
      body: JSON.stringify({ reaction }),
    });
    return { status: response.status, ...await response.json() };
  };
  return { server, react };
}

Deno.test("reactions reach every page as one sum, four times a second at most", async () => {
  const { server, react } = await openPage(() => 0);
  await using _ = server;
  const viewers = await Promise.all(Array.from({ length: 4 }, () => newViewer(server)));
  await using page = await LiveClient.open(server, viewers[0]);
  await page.next("hello");
  for (const viewer of viewers) {
    for (const reaction of ["heart", "heart", "fire"]) {
      assert.deepEqual(await react(viewer, reaction), { status: 200, ok: true });
    }
  }
  assert.deepEqual(await page.settled(), []);
  server.pageSockets.tick();
  server.pageSockets.tick();
  assert.deepEqual(await page.next("reactions"), {
    type: "reactions",
    counts: { heart: 8, fire: 4 },
  });
  assert.deepEqual(await page.settled(), []);
});

Deno.test("reactions that come too fast, or of an unknown kind, are refused", async () => {
  const { server, react } = await openPage(() => 0);
  await using _ = server;
  const ann = await newViewer(server);
  for (let i = 0; i < 4; i++) assert.equal((await react(ann, "wow")).status, 200);
  const { status, code } = await react(ann, "wow");
  assert.deepEqual([status, code], [429, "reacting-too-fast"]);
  assert.equal((await react(ann, "boo")).status, 400);
});

Deno.test("reactions leave room for the chat of others at the same address", async () => {
  const { server, react } = await openPage(() => 0);
  await using _ = server;
  for (let i = 0; i < 100; i++) await react({}, "clap");
  const posted = await server.get("/chat", {
    method: "POST",
    headers: { ...await newViewer(server), "content-type": "application/json" },
    body: '{"text":"Hello","name":"Ann"}',
  });
  await posted.body?.cancel();
  assert.equal(posted.status, 200);
});
