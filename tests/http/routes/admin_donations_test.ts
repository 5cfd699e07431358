import assert from "node:assert/strict";
import { LiveClient } from "../../support/live_client.ts";
import {
  ADMIN_TOKEN,
  newViewer,
  startTestServer,
  type TestServer,
} from "../../support/test_server.ts";

const BEARER = { authorization: `Bearer ${ADMIN_TOKEN}` };
const JSON_BODY = { "content-type": "application/json" };

async function act(server: TestServer, path: string, body: unknown, part = "donations") {
  const headers = { ...BEARER, ...JSON_BODY };
  const request = { method: "POST", headers, body: JSON.stringify(body) };
  const response = await server.get(`/admin/${part}/${path}`, request);
  return { status: response.status, ...await response.json() };
}

/** Donates as someone new. */
async function donate(server: TestServer, gift: Record<string, unknown>) {
  const viewer = await newViewer(server);
  const headers = { ...viewer, ...JSON_BODY };
  const request = { method: "POST", headers, body: JSON.stringify(gift) };
  assert.equal((await (await server.get("/donate", request)).json()).donated, true);
  return viewer;
}

Deno.test("a donation stands in the chat, and hearts stand on what its donor wrote before", async () => {
  await using server = await startTestServer({ currency: "EUR" });
  const donor = await newViewer(server);
  await using page = await LiveClient.open(server, donor);
  await using other = await LiveClient.open(server, await newViewer(server));
  assert.equal((await other.next("hello")).state.currency, "EUR");
  page.send({ type: "chat", key: "1", text: "Hello", name: "Anna" });
  const { message: { author } } = await other.next("chat");
  const body = JSON.stringify({ amount: 5, message: "Keep it up" });
  const request = { method: "POST", headers: { ...donor, ...JSON_BODY }, body };
  await (await server.get("/donate", request)).body?.cancel();
  assert.deepEqual(await other.next("standing"), { type: "standing", author, supporter: true });
  const { message } = await other.next("chat");
  assert.deepEqual([message.text, message.gift], ["Keep it up", { donation: 1, amount: 5 }]);
  await using later = await LiveClient.open(server, await newViewer(server));
  const { chat } = await later.next("hello");
  assert.deepEqual(chat.map(({ text, supporter }) => [text, supporter]), [
    ["Hello", true],
    ["Keep it up", true],
  ]);
});

Deno.test("deleting a donation's line removes it from the lists and the goal, for everyone", async () => {
  await using server = await startTestServer();
  await act(server, "goal", { amount: 20 });
  const viewer = await donate(server, { name: "Anna", amount: 5 });
  await using page = await LiveClient.open(server, viewer);
  const { support, chat: [line], state } = await page.next("hello");
  assert.deepEqual(support.gifts, [line]);
  assert.deepEqual(state.goal, { amount: 20, given: 5 });
  assert.deepEqual((await act(server, "delete", { ids: [line.id] }, "chat")).ids, [line.id]);
  const { support: left } = await page.next("supporters");
  assert.deepEqual([left.gifts, left.totals], [[], { supporters: 0, donations: 0, amount: 0 }]);
  assert(page.received.some((message) => message.type === "deleted" && message.ids[0] === line.id));
  assert.equal((await page.next("standing")).supporter, false);
  await using later = await LiveClient.open(server, await newViewer(server));
  assert.deepEqual((await later.next("hello")).state.goal, { amount: 20, given: 0 });
});

Deno.test("admin sets a goal, which counts from then on, and removes it", async () => {
  await using server = await startTestServer();
  await donate(server, { amount: 7 });
  await using page = await LiveClient.open(server, await newViewer(server));
  assert.equal((await page.next("hello")).state.goal, null);
  assert.equal((await act(server, "goal", { amount: -1 })).status, 400);
  assert.equal((await act(server, "goal", { amount: 10.5 })).status, 200);
  await donate(server, { amount: 2.5 });
  await using later = await LiveClient.open(server, await newViewer(server));
  assert.deepEqual((await later.next("hello")).state.goal, { amount: 10.5, given: 2.5 });
  await act(server, "goal", { amount: 0 });
  await using last = await LiveClient.open(server, await newViewer(server));
  assert.equal((await last.next("hello")).state.goal, null);
});

Deno.test("admin exports donations as CSV for the streamer, in a form that Excel reads", async () => {
  await using server = await startTestServer();
  server.donations.give({ viewer: null, amount: 2.5, name: `Bea "B", the 2nd`, message: "Hi" });
  const refused = await server.get("/admin/donations.csv");
  await refused.body?.cancel();
  assert.equal(refused.status, 401);
  const response = await server.get("/admin/donations.csv", { headers: BEARER });
  assert.equal(response.headers.get("content-type"), "text/csv; charset=utf-8");
  const bytes = await response.bytes();
  assert.deepEqual([...bytes.subarray(0, 3)], [0xef, 0xbb, 0xbf]);
  const lines = new TextDecoder().decode(bytes).split("\r\n");
  assert.equal(lines[0], "Time,Name,Amount,Message");
  assert.match(lines[1], /^20[\d-]+T[\d:.]+Z,"Bea ""B"", the 2nd",2.5,Hi$/);
});
