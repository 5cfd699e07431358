import assert from "node:assert/strict";
import { LiveClient } from "../../support/live_client.ts";
import { newViewer, startTestServer } from "../../support/test_server.ts";

const FORM = { "content-type": "application/x-www-form-urlencoded" };
const JSON_TYPE = { "content-type": "application/json" };

Deno.test("donate celebrates on every page and thanks the donor", async () => {
  await using server = await startTestServer({ page: "{{{supporters}}}" });
  const priorities: unknown[] = [];
  server.audience.prioritise = (viewer, until) => void priorities.push([viewer, until]);
  const [anna, ben] = [await newViewer(server), await newViewer(server)];
  await using page = await LiveClient.open(server, anna);
  await using other = await LiveClient.open(server, ben);
  await Promise.all([page.next("hello"), other.next("hello")]);
  const response = await server.get("/donate", {
    method: "POST",
    headers: { ...JSON_TYPE, ...anna },
    body: '{"amount":5.5,"message":"Go on","name":"Anna"}',
  });
  assert.equal((await response.json()).donated, true);
  const { donation, support: { supporters } } = await other.next("donation");
  assert.deepEqual([donation.name, donation.amount, donation.message], ["Anna", 5.5, "Go on"]);
  assert.deepEqual(supporters.map(({ name, amount }) => [name, amount]), [["Anna", 5.5]]);
  await page.next("donation");
  const { you } = await page.next("you");
  assert.equal(you.supporter, true);
  assert(you.priorityUntil > Date.now() + 50_000);
  assert.deepEqual(priorities, [[anna.cookie.slice("viewer=".length), you.priorityUntil]]);
  const rest = (await other.settled()).map(({ type }) => type);
  assert.deepEqual(rest, ["standing", "chat"], "nobody else gets it as their own");
  assert.match(
    await (await server.get("/")).text(),
    /^<li><b class="name" data-hue="\d+"><bdi>Anna</,
  );
});

Deno.test("donate counts a retry with the same key once, and celebrates once", async () => {
  await using server = await startTestServer();
  const anna = await newViewer(server);
  await using page = await LiveClient.open(server, anna);
  const give = async () => {
    const response = await server.get("/donate", {
      method: "POST",
      headers: { ...JSON_TYPE, ...anna },
      body: '{"key":"g1","amount":5}',
    });
    return await response.json();
  };
  const first = await give();
  assert.deepEqual(await give(), first);
  assert.equal(server.donations.count, 1);
  await page.next("donation");
  assert.deepEqual((await page.settled()).filter(({ type }) => type === "donation"), []);
});

Deno.test("donate accepts an empty form, and counts a double click once", async () => {
  await using server = await startTestServer();
  const anna = await newViewer(server);
  for (let i = 0; i < 2; i++) {
    const posted = await server.get("/donate", {
      method: "POST",
      headers: { ...FORM, ...anna },
      body: "amount=&message=&name=",
    });
    await posted.body?.cancel();
    assert.deepEqual([posted.status, posted.headers.get("location")], [303, "./?donated"]);
  }
  assert.equal(server.donations.count, 1);
});

for (
  const [text, amount] of [["2.50", 2.5], ["2,5", 2.5], [" 10 ", 10]] as const
) {
  Deno.test(`donate reads an amount of "${text}" from a form`, async () => {
    await using server = await startTestServer();
    await using page = await LiveClient.open(server, await newViewer(server));
    const posted = await server.get("/donate", {
      method: "POST",
      headers: FORM,
      body: new URLSearchParams({ amount: text }).toString(),
    });
    await posted.body?.cancel();
    assert.equal((await page.next("donation")).donation.amount, amount);
  });
}

for (const body of ['{"amount":-1}', '{"amount":"lots"}', '{"amount":1e9}', '{"message":7}']) {
  Deno.test(`donate refuses ${body}`, async () => {
    await using server = await startTestServer();
    const response = await server.get("/donate", { method: "POST", headers: JSON_TYPE, body });
    assert.equal(response.status, 400);
    assert.ok((await response.json()).detail);
    assert.equal(server.donations.count, 0);
  });
}
