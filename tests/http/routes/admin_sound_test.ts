import assert from "node:assert/strict";
import { ADMIN_TOKEN, startTestServer, type TestServer } from "../../support/test_server.ts";

const HEADERS = { authorization: `Bearer ${ADMIN_TOKEN}`, "content-type": "application/json" };

const post = (server: TestServer, body: object) =>
  server.get("/admin/sound", { method: "POST", headers: HEADERS, body: JSON.stringify(body) });

Deno.test("/admin/sound lists the sources, and sets what it is given", async () => {
  await using server = await startTestServer();
  const { current, sources } = await (await server.get("/admin/sound", { headers: HEADERS }))
    .json();
  assert.equal(current, "auto");
  assert.deepEqual(sources[0], { source: "off", name: "Off" });
  const settings = { muted: true, gain: 3.5, delay: -20, onDemand: true };
  const answer = await (await post(server, settings)).json();
  const { ok, source, sourceName, reason, isOpen, listeners, state, ...set } = answer;
  assert.deepEqual(set, settings);
  assert.deepEqual([ok, source, sourceName], [true, "auto", "Microphone"]);
  assert.deepEqual([reason, isOpen, listeners, state], [null, false, 0, "muted"]);
  assert.equal((await (await post(server, { gain: 0 })).json()).muted, true);
  assert.equal((await (await post(server, { source: "off" })).json()).state, "off");
});

for (
  const body of [
    { muted: null },
    { muted: "yes" },
    { gain: 20.1 },
    { gain: -21 },
    { delay: 1001 },
    { delay: -1001 },
    { delay: 0.5 },
    { onDemand: 1 },
    { source: "concat:/etc/passwd" },
    { source: "" },
  ]
) {
  Deno.test(`/admin/sound refuses ${JSON.stringify(body)} with 400, and changes nothing`, async () => {
    await using server = await startTestServer();
    const before = server.sound.studio;
    const response = await post(server, body);
    assert.equal(response.status, 400);
    assert.equal(typeof (await response.json()).detail, "string");
    assert.deepEqual(server.sound.studio, before);
  });
}

Deno.test("/admin/sound answers 409 with the reason for a source that cannot be opened", async () => {
  await using server = await startTestServer();
  const response = await post(server, { source: "busy", muted: true });
  assert.equal(response.status, 409);
  assert.equal((await response.json()).detail, "Cannot open it: it is busy");
  assert.deepEqual([server.sound.studio.source, server.sound.studio.muted], ["auto", true]);
});

Deno.test("/admin/sound turns the sound off without listing the sources first", async () => {
  await using server = await startTestServer();
  server.sound.sources = () => new Promise(() => {});
  assert.equal((await (await post(server, { source: "off" })).json()).state, "off");
});
