/// <reference lib="dom" />
import assert from "node:assert/strict";
import type { Page } from "playwright-core";
import { sharedChromium } from "./browser.ts";
import { sharedChannel } from "./test_channel.ts";
import { playing, watchPlaying } from "./watch_page.ts";

const browser = sharedChromium();
const program = sharedChannel();

/** Counts how often the page pauses. */
const countPauses = (page: Page) =>
  page.evaluate(() => {
    let count = 0;
    new MutationObserver(() => count += Number(document.documentElement.dataset.paused === "true"))
      .observe(document.documentElement, { attributeFilter: ["data-paused"] });
    Object.assign(globalThis, { pauses: () => count });
  });
const pauses = (page: Page) =>
  page.evaluate(() => (globalThis as unknown as { pauses: () => number }).pauses());

Deno.test("a click on the picture pauses, and another one plays", async () => {
  const { page, complaints } = await watchPlaying(browser, program);
  await page.mouse.click(300, 250);
  await page.locator("html[data-paused=true]").waitFor();
  await page.mouse.click(300, 250, { delay: 20 });
  await playing(page);
  assert.equal(await page.locator("html").getAttribute("data-paused"), "false");
  assert.deepEqual(complaints, []);
});

Deno.test("a double click on the picture fills the display without pausing, and another one ends it", async () => {
  const { page } = await watchPlaying(browser, program);
  await countPauses(page);
  await page.mouse.dblclick(300, 250);
  await page.waitForFunction(() => document.fullscreenElement !== null);
  await page.waitForTimeout(600);
  await page.mouse.dblclick(300, 250);
  await page.waitForFunction(() => document.fullscreenElement === null);
  await page.waitForTimeout(600);
  assert.equal(await pauses(page), 0);
});

Deno.test("a slow double click on the picture leaves the page playing", async () => {
  const { page } = await watchPlaying(browser, program);
  await page.mouse.move(300, 250);
  await page.mouse.down();
  await page.mouse.up();
  await page.locator("html[data-paused=true]").waitFor();
  await page.mouse.down({ clickCount: 2 });
  await page.mouse.up({ clickCount: 2 });
  await page.waitForFunction(() => document.fullscreenElement !== null);
  await page.waitForTimeout(400);
  assert.equal(await page.locator("html").getAttribute("data-paused"), "false");
});

Deno.test("a click on the statistics, a tool or a message about the stream does not pause", async () => {
  const { page } = await watchPlaying(browser, program);
  await countPauses(page);
  await page.keyboard.press("t");
  await page.locator("#statistics").click();
  await page.locator("#show-keys").click();
  await page.keyboard.press("Escape");
  await page.evaluate(() => document.documentElement.dataset.cover = "reconnecting");
  await page.mouse.click(300, 250);
  await page.waitForTimeout(600);
  assert.equal(await pauses(page), 0);
});

Deno.test("a tap on the picture does not pause, and closes the choices", async () => {
  const phone = { viewport: { width: 390, height: 844 }, isMobile: true, hasTouch: true };
  const { page } = await watchPlaying(browser, program, phone);
  await countPauses(page);
  await page.getByRole("button", { name: "Quality" }).tap();
  await page.locator("html[data-sheet=settings]").waitFor();
  await page.touchscreen.tap(200, 100);
  await page.locator("html:not([data-sheet=settings])").waitFor();
  await page.touchscreen.tap(200, 100);
  await page.waitForTimeout(600);
  assert.equal(await pauses(page), 0);
});
