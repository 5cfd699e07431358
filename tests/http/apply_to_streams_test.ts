import assert from "node:assert/strict";
import { newViewer, startTestServer } from "../support/test_server.ts";

const JSON_TYPE = { "content-type": "application/json" };

Deno.test("a viewer's choice refreshes their running streams", async () => {
  await using server = await startTestServer();
  const refreshed: string[] = [];
  server.audience.refresh = (id) => void refreshed.push(id);
  const anna = await newViewer(server);
  const response = await server.get("/settings", {
    method: "POST",
    headers: { ...JSON_TYPE, ...anna },
    body: '{"quality":"low"}',
  });
  await response.body?.cancel();
  assert.deepEqual(refreshed, [anna.cookie.slice("viewer=".length)]);
});

Deno.test("a donation gives its viewer priority; one without a cookie gives none", async () => {
  await using server = await startTestServer();
  const prioritised: unknown[] = [];
  server.audience.prioritise = (...viewer) => void prioritised.push(viewer);
  server.donations.give({ viewer: null, amount: 5 });
  server.donations.give({ viewer: "anna", amount: 5 });
  assert.deepEqual(prioritised, [["anna", server.donations.priorityUntil("anna")]]);
});

Deno.test("a ban ends every stream of its author, and no other", async () => {
  await using server = await startTestServer();
  const [anna, ben] = [await newViewer(server), await newViewer(server)];
  const streams = await Promise.all(
    [anna, anna, ben].map((headers) => server.get("/stream", { headers })),
  );
  assert.equal(server.audience.count, 3);
  server.moderation.ban(server.people.authorOf(anna.cookie.slice("viewer=".length)));
  assert.equal(server.audience.count, 1);
  await Promise.all(streams.map((stream) => stream.body?.cancel()));
});
