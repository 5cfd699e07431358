/// <reference lib="dom" />
import assert from "node:assert/strict";
import { startProgram } from "../support/program.ts";
import { administer } from "../support/requests.ts";
import { openPage, sharedChromium } from "./browser.ts";
import { RESOLVER } from "./other_site.ts";
import { startChannel } from "./test_channel.ts";
import { playing, say, watchPlaying } from "./watch_page.ts";

const browser = sharedChromium([RESOLVER]);

const PASSWORD = "correct horse";

Deno.test("a relay's page links to the chat of the first program, without its password", async () => {
  await using first = await startChannel(`--password=${PASSWORD}`);
  const source = first.origin.replace("//", `//me:${encodeURIComponent(PASSWORD)}@`);
  await using relay = await startProgram([`--source=${source}/stream`, "--allow-host=relay.test"]);
  const { page, complaints } = await watchPlaying(browser, relay);
  const { host } = new URL(first.origin);
  const link = page.getByRole("link", { name: `Chat with everyone at ${host}` });
  await link.waitFor();
  const attributes = await link.evaluate((a) =>
    ["href", "target", "rel"].map((name) => a.getAttribute(name))
  );
  assert.deepEqual(attributes, [`${first.origin}/`, "_blank", "noopener noreferrer"]);
  assert.doesNotMatch(await page.content(), /horse/);
  // Its own chat works beside it.
  await say(page, "Hello, relay", "Ada");
  await page.locator(".message").getByText("Hello, relay").waitFor();

  // Elsewhere, a loopback address leads to another machine.
  const elsewhere = await openPage(browser);
  await elsewhere.page.goto(relay.origin.replace("127.0.0.1", "relay.test"), {
    waitUntil: "commit",
  });
  await playing(elsewhere.page);
  await elsewhere.page.locator(".origin-link").waitFor({ state: "attached" });
  assert.equal(await elsewhere.page.getByText("Chat with everyone").count(), 0);

  await administer(relay, "source", { source: "test" });
  await link.waitFor({ state: "hidden" });
  assert.deepEqual([...complaints, ...elsewhere.complaints], []);
});
