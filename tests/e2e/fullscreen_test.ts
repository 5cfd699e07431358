/// <reference lib="dom" />
import assert from "node:assert/strict";
import type { Page } from "playwright-core";
import { sharedChromium } from "./browser.ts";
import { sharedChannel } from "./test_channel.ts";
import { watchPlaying } from "./watch_page.ts";

const browser = sharedChromium();
const program = sharedChannel();

const box = async (page: Page, selector: string) => (await page.locator(selector).boundingBox())!;

/** The width of the picture itself, without bars. */
const pictureWidth = (page: Page) =>
  page.locator("#picture").evaluate((canvas: HTMLCanvasElement) => {
    const { width, height } = canvas.getBoundingClientRect();
    return Math.min(width, height * canvas.width / canvas.height);
  });

const isFull = (page: Page) => page.locator("html[data-full=true]").waitFor();
const isIdle = (page: Page) => page.locator("html[data-idle=true]").waitFor();
const toolsOpacity = (page: Page) =>
  page.locator("#tools").evaluate((tools) => getComputedStyle(tools).opacity);

Deno.test("fullscreen is the picture alone, with the chat over it on request", async () => {
  const { page, complaints } = await watchPlaying(browser, program);
  await page.keyboard.press("f");
  await page.waitForFunction(() => document.fullscreenElement !== null);
  const { width, height } = await page.evaluate(() => ({ width: innerWidth, height: innerHeight }));
  const whole = { x: 0, y: 0, width, height };
  assert.deepEqual(await box(page, "#screen"), whole);
  assert(await page.locator("#chat").isHidden());

  await page.keyboard.press("c");
  const chat = await box(page, "#chat");
  assert(chat.width < width / 2 && chat.height > height / 2, JSON.stringify(chat));
  assert.deepEqual(await box(page, "#screen"), whole, "the picture keeps its size");
  await page.locator("#show-chat").click();
  assert(await page.locator("#chat").isHidden());

  await page.keyboard.press("q");
  assert(await page.getByRole("button", { name: "Medium" }).isVisible());
  await page.keyboard.press("Escape");
  assert(await page.getByRole("button", { name: "Medium" }).isHidden());
  await page.keyboard.press("f");
  await page.waitForFunction(() => document.fullscreenElement === null);
  assert(await page.getByRole("button", { name: "Medium" }).isVisible());
  assert(await page.locator("#chat").isVisible());
  assert.deepEqual(complaints, []);
});

Deno.test("fullscreen hides tools and pointer after 3 s, until something moves or is pressed", async () => {
  const { page } = await watchPlaying(browser, program, { reducedMotion: "reduce" });
  await page.mouse.move(300, 200);
  await page.keyboard.press("f");
  await isFull(page);
  assert.equal(await toolsOpacity(page), "1");
  const started = Date.now();
  await isIdle(page);
  assert(Date.now() - started > 2500, "not at once");
  assert.equal(await toolsOpacity(page), "0");
  const cursor = await page.locator("#screen").evaluate((it) => getComputedStyle(it).cursor);
  assert.equal(cursor, "none");

  await page.mouse.move(320, 210);
  assert.equal(await toolsOpacity(page), "1");
  await isIdle(page);
  await page.keyboard.press("Shift");
  assert.equal(await toolsOpacity(page), "1");
  await isIdle(page);
  await page.locator("#snapshot").focus();
  assert.equal(await toolsOpacity(page), "1");
});

Deno.test("fullscreen keeps the tools while a key moved the focus into them, or a dialog is open", async () => {
  const { page } = await watchPlaying(browser, program);
  await page.keyboard.press("f");
  await isFull(page);
  await page.locator("#snapshot").focus();
  await page.keyboard.press("Tab");
  await page.waitForTimeout(3500);
  assert.equal(await toolsOpacity(page), "1");
  await page.keyboard.press("?");
  await page.getByRole("dialog").waitFor();
  await page.mouse.click(1, 1);
  await page.waitForTimeout(3500);
  assert.equal(await page.locator("html").getAttribute("data-idle"), "false");
});

for (
  const [standIn, device] of [[false, "a phone"], [true, "a phone without fullscreen"]] as const
) {
  Deno.test(`fullscreen on ${device} on its side makes the picture larger`, async () => {
    const viewport = { width: 844, height: 390 };
    const { page } = await watchPlaying(browser, program, {
      viewport,
      isMobile: true,
      hasTouch: true,
    });
    if (standIn) {
      await page.evaluate(() =>
        Object.defineProperty(document.documentElement, "requestFullscreen", { value: undefined })
      );
    }
    const before = await pictureWidth(page);
    await page.getByRole("button", { name: "Fullscreen" }).tap();
    await isFull(page);
    // The page does not wait for the browser.
    if (standIn) assert(await page.evaluate(() => document.fullscreenElement === null));
    else await page.waitForFunction(() => document.fullscreenElement !== null);
    const after = await pictureWidth(page);
    assert(after > before * 1.1, `${before} px wide before, ${after} px in fullscreen`);

    await isIdle(page);
    await page.touchscreen.tap(420, 370);
    assert.equal(await page.locator("html").getAttribute("data-idle"), "false");
    assert(
      await page.locator("html:not([data-paused=true])").isVisible(),
      "a tap only shows the tools",
    );
    await page.getByRole("button", { name: "Fullscreen" }).tap();
    await page.locator("html[data-full=false]").waitFor();
    await page.locator("#share").waitFor();
  });
}
