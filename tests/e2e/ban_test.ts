/// <reference lib="dom" />
import assert from "node:assert/strict";
import type { Page } from "playwright-core";
import { violations } from "./axe.ts";
import { sharedChromium } from "./browser.ts";
import { screenshotPath } from "./screenshots.ts";
import { administer } from "../support/requests.ts";
import { sharedChannel } from "./test_channel.ts";
import { playing, sayAs, watch, watchPlaying } from "./watch_page.ts";

const browser = sharedChromium();
const program = sharedChannel();

/** Has the viewer write a message, by which the streamer can ban them. Returns the author. */
async function authorOf(page: Page, name: string): Promise<string> {
  await sayAs(page, name, "Hello");
  const { chat } = await (await fetch(`${program.origin}/chat`)).json();
  return chat.findLast((message: { name: string }) => message.name === name).author;
}

const banned = (page: Page) =>
  page.getByRole("heading", { name: "You have been banned from this stream" });

Deno.test("banned viewer sees one page without a chat, which comes back after a pardon", async () => {
  const { page } = await watch(browser, program);
  await page.clock.install();
  await playing(page);
  const author = await authorOf(page, "Eve");
  await administer(program, "chat/ban", { author });
  await banned(page).waitFor();
  assert.equal(await page.getByRole("textbox").count(), 0);
  assert.deepEqual(await violations(page, "body"), []);
  await page.screenshot({ path: await screenshotPath("banned") });
  // The answer may be there before the clock's command is.
  const look = page.waitForResponse((response) => response.request().method() === "HEAD");
  await page.clock.fastForward(30_000);
  await look;
  assert(await banned(page).isVisible(), "still banned");
  await administer(program, "chat/pardon", { author });
  await page.clock.fastForward(30_000);
  await playing(page);
});

Deno.test("banned viewer sees that page in a frame, too", async () => {
  const { page } = await watchPlaying(browser, program);
  const author = await authorOf(page, "Mallory");
  await page.goto(`${program.origin}/embed`);
  await playing(page);
  await administer(program, "chat/ban", { author });
  await banned(page).waitFor();
});

Deno.test("banned viewer without JavaScript sees that page, which asks by itself whether to stay", async () => {
  const { page } = await watch(browser, program, { javaScriptEnabled: false });
  await page.getByRole("textbox", { name: "Your name" }).fill("Trudy");
  await page.getByRole("textbox", { name: "Message" }).fill("Hello");
  await page.getByRole("button", { name: "Send" }).click({ noWaitAfter: true });
  await page.locator("[data-id]").getByText("Hello").last().waitFor();
  const { chat } = await (await fetch(`${program.origin}/chat`)).json();
  const { author } = chat.findLast(({ name }: { name: string }) => name === "Trudy");
  await administer(program, "chat/ban", { author });
  await page.goto(program.origin, { waitUntil: "commit" });
  await banned(page).waitFor();
  assert.equal(await page.locator("meta[http-equiv=refresh]").getAttribute("content"), "30");
});
