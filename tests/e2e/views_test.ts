/// <reference lib="dom" />
import assert from "node:assert/strict";
import type { Page } from "playwright-core";
import { stateOf } from "../support/requests.ts";
import { until } from "../support/until.ts";
import { violationsInEachLook } from "./axe.ts";
import { openPage, sharedChromium } from "./browser.ts";
import { sharedChannel } from "./test_channel.ts";
import { chatOf, playing, say, watchPlaying } from "./watch_page.ts";

const browser = sharedChromium();
const program = sharedChannel();

const DESKTOP = { viewport: { width: 1440, height: 900 } };

const box = async (page: Page, selector: string) => (await page.locator(selector).boundingBox())!;

/** Focuses the toolbar's button as a pointer does: it shows when the pointer is over the picture. */
async function press(page: Page, name: string): Promise<void> {
  await page.locator("#screen").hover({ position: { x: 300, y: 200 } });
  await page.getByRole("button", { name, exact: true }).click();
}

Deno.test("theatre mode gives the picture the whole width, and is remembered", async () => {
  const { page, complaints } = await watchPlaying(browser, program, DESKTOP);
  const before = await box(page, "#screen");
  await page.keyboard.press("w");
  const [screen, chat, title] = await Promise.all(
    ["#screen", "#chat", "#title"].map((it) => box(page, it)),
  );
  assert.deepEqual([screen.x, screen.width], [0, 1440]);
  assert(screen.height > before.height * 1.2);
  assert(chat.y >= screen.y + screen.height, "the chat is below the picture");
  assert(title.y + title.height <= 900, "the title stays in sight");

  await page.reload();
  await playing(page);
  assert.equal((await box(page, "#screen")).width, 1440);
  await press(page, "Theatre mode");
  assert.deepEqual(await box(page, "#screen"), before);
  assert.deepEqual(complaints, []);
});

Deno.test("the chat can be hidden, which is remembered and makes the picture larger", async () => {
  const { page, complaints } = await watchPlaying(browser, program, DESKTOP);
  const before = await box(page, "#screen");
  await press(page, "Chat");
  assert(await page.locator("#chat").isHidden());
  assert((await box(page, "#screen")).width > before.width * 1.2);
  await page.reload();
  await playing(page);
  assert(await page.locator("#chat").isHidden());
  assert.equal(await page.locator("#show-chat").getAttribute("aria-pressed"), "false");

  await page.keyboard.press("c");
  assert(await page.locator("#chat").isVisible());
  assert.equal(await page.evaluate(() => document.activeElement?.closest("#chat")?.id), "chat");
  assert.deepEqual(complaints, []);
});

Deno.test("the chat can be hidden where the browser stores nothing for the page", async () => {
  const { page, complaints } = await watchPlaying(browser, program, DESKTOP);
  await page.addInitScript(() =>
    Object.defineProperty(globalThis, "localStorage", {
      get() {
        throw new DOMException("denied", "SecurityError");
      },
    })
  );
  await page.reload();
  await playing(page);
  await press(page, "Chat");
  assert(await page.locator("#chat").isHidden());
  assert.deepEqual(complaints, []);
});

Deno.test("the chat in its own window reads and writes without a stream, and comes back when that closes", async () => {
  const { page, complaints } = await watchPlaying(browser, program, DESKTOP);
  const streams: string[] = [];
  page.context().on("request", (request) => {
    if (new URL(request.url()).pathname === "/stream") streams.push(request.url());
  });
  const [chat] = await Promise.all([
    page.waitForEvent("popup"),
    page.getByRole("button", { name: "Open the chat in its own window" }).click(),
  ]);
  await chat.locator("html[data-connection=open]").waitFor();
  assert(await page.locator("#chat").isHidden());
  assert(await chat.locator("#screen").isHidden());
  await say(chat, "from the small window", "Ada");
  await until("the message", () => chatOf(chat), (lines) => lines.length === 1);
  assert.deepEqual(await chatOf(chat), ["Ada: from the small window"]);
  assert.deepEqual(streams, []);
  assert.equal((await stateOf(program)).viewers, 1);

  await chat.close();
  await page.locator("#chat").waitFor();
  assert.equal(await page.evaluate(() => localStorage.getItem("livestream.chat")), null);
  assert.deepEqual(complaints, []);
});

Deno.test("a blocked chat window leaves the chat where it is and says why", async () => {
  const { page } = await watchPlaying(browser, program, DESKTOP);
  await page.evaluate(() => globalThis.open = () => null);
  await page.getByRole("button", { name: "Open the chat in its own window" }).click();
  await page.getByText("The browser blocked the chat window").waitFor();
  assert(await page.locator("#chat").isVisible());
});

Deno.test("theatre mode, hidden chat, chat window and chat in fullscreen have no axe violations", async () => {
  const { page } = await watchPlaying(browser, program, DESKTOP);
  const sizes = { desktop: DESKTOP.viewport };
  await page.keyboard.press("w");
  assert.deepEqual(await violationsInEachLook(page, sizes), [], "theatre mode");
  await press(page, "Chat");
  assert.deepEqual(await violationsInEachLook(page, sizes), [], "hidden chat");
  await page.keyboard.press("f");
  await page.keyboard.press("c");
  await page.locator("#chat").waitFor();
  assert.deepEqual(await violationsInEachLook(page, sizes), [], "chat in fullscreen");

  const { page: chat } = await openPage(browser, { viewport: { width: 400, height: 720 } });
  await chat.goto(`${program.origin}/?chat`);
  await chat.locator("html[data-connection=open]").waitFor();
  const small = { window: { width: 400, height: 720 }, wide: { width: 1000, height: 400 } };
  assert.deepEqual(await violationsInEachLook(chat, small), [], "chat window");
  const field = (await chat.locator("#chat-text").boundingBox())!;
  assert(field.y + field.height <= 720, "the window needs no scrolling");
});
