import assert from "node:assert/strict";
import { temporaryFolder } from "../store/temporary_folder.ts";
import { LiveClient } from "../support/live_client.ts";
import { type Program, startProgram } from "../support/program.ts";
import { administer, newCookie, postJson, stateOf } from "../support/requests.ts";

/** Donates as a new viewer. */
async function donate(program: Program, gift: object) {
  const { status, body } = await postJson(program, "/donate", gift, newCookie());
  assert.equal(status, 200, body.detail);
  return body;
}

Deno.test("celebrations from one address are limited, and a rude supporter can be moderated", async () => {
  using folder = temporaryFolder();
  await using program = await startProgram([
    ...["--source=test", "--resolution=320x240", `--data=${folder.path}/channel.db`],
  ]);
  const admin = (path: string, body: unknown) => administer(program, path, body);
  await using page = await LiveClient.open(program, newCookie());
  await page.next("hello");
  const supporters = async () => {
    await using fresh = await LiveClient.open(program, newCookie());
    return (await fresh.next("hello")).support.supporters;
  };
  const names = async () => (await supporters()).map(({ name }) => name);

  const gift = { amount: 1_000_000, name: "RudeName", message: "look at me" };
  const { donation } = await donate(program, gift);
  for (let i = 1; i < 50; i++) {
    await donate(program, { amount: i, name: `Crowd ${i}` });
  }
  await page.settled();
  const celebrated = page.received.filter(({ type }) => type === "donation").length;
  assert.ok(celebrated >= 1 && celebrated <= 3, `${celebrated} of 50 were celebrated`);
  const lists = page.received.filter(({ type }) => type === "supporters").length;
  assert.ok(lists <= 10, `${lists} lists of supporters were sent`);
  assert.equal((await stateOf(program)).donations, 50);

  const [{ author, name }] = await supporters();
  assert.equal(name, "RudeName");
  await admin("chat/blocked-words", { words: ["rudename"] });
  assert.equal((await names())[0], "Anonymous");
  await admin("chat/blocked-words", { words: [] });
  await admin("chat/ban", { author });
  assert.equal((await names())[0], "Crowd 49");
  assert.doesNotMatch(await (await fetch(program.origin)).text(), /RudeName/);
  const { withdrawn } = page.received.findLast((message) => message.type === "supporters")!;
  // It is shown for five seconds, and on a slow machine may have been shown already.
  assert.ok(withdrawn === donation.id || withdrawn === undefined);
  await admin("chat/pardon", { author });
  assert.equal((await names())[0], "RudeName");
  assert.equal((await admin("supporters/remove", { author })).removed, true);
  assert.equal((await names()).includes("RudeName"), false);
});
