/// <reference lib="dom" />
import assert from "node:assert/strict";
import type { Page } from "playwright-core";
import { movingClip } from "../support/clips.ts";
import { type Program } from "../support/program.ts";
import { until } from "../support/until.ts";
import { violationsInEachLook } from "./axe.ts";
import { openPage, sharedChromium } from "./browser.ts";
import { inEachLook } from "./looks.ts";
import { screenshotPath } from "./screenshots.ts";
import { moderate, openStudio, watching } from "./studio_page.ts";
import { administer } from "../support/requests.ts";
import { sharedChannel, startChannel } from "./test_channel.ts";
import { sayAs } from "./watch_page.ts";

const browser = sharedChromium();
const program = sharedChannel();

const DESKTOP = { desktop: { width: 1440, height: 900 } };

/** Starts the program with a picture for screenshots. */
async function startWalkers(...args: string[]): Promise<Program> {
  return await startChannel(`--source=${(await movingClip()).path}`, ...args);
}

Deno.test("studio has no axe violations in dark or light mode: signing in, empty, busy, off air", async () => {
  await using program = await startWalkers("--title=Friday night");
  const check = async (page: Page, state: string) =>
    assert.deepEqual(await violationsInEachLook(page, DESKTOP), [], state);

  const { page: asking } = await openPage(browser);
  await asking.goto(`${program.origin}/studio#a-wrong-token`);
  await asking.getByRole("alert").waitFor();
  await check(asking, "asking");

  const { page, complaints } = await openStudio(browser, program, { viewport: DESKTOP.desktop });
  await page.getByText("Nobody is watching yet").waitFor();
  await check(page, "empty");

  const ada = await watching(browser, program, "Ada");
  await watching(browser, program, "Eve");
  await ada.page.evaluate(() => fetch("/donate", { method: "POST" }).then((it) => it.text()));
  await sayAs(ada.page, "Ada", "Hello everyone, what a picture!");
  await administer(program, "chat/blocked-words", { words: ["spam", "advert"] });
  await administer(program, "chat/slow-mode", { seconds: 5 });
  await page.getByText("Hello everyone").waitFor();
  await moderate(page, "Eve is here", "10 min");
  await page.getByText("muted, 10 minutes left").waitFor();
  await page.getByRole("button", { name: "Moderate Eve: Eve is here" }).click();
  await page.locator(".supporters").getByText("Ada").waitFor();
  await until(
    "Eve's delay",
    () => page.locator(".viewer-delay").allTextContents(),
    (texts) => texts.length === 2 && texts.every((text) => /s$/.test(text)),
  );
  await inEachLook(page, DESKTOP, async (_, colorScheme) => {
    await page.screenshot({ path: await screenshotPath(`studio_${colorScheme}`) });
  });
  await check(page, "busy");
  await page.getByRole("button", { name: "Ban…" }).click();
  await page.getByRole("dialog").waitFor();
  await check(page, "asking whether to ban");
  await page.keyboard.press("Escape");

  await page.getByRole("switch", { name: "On air" }).click();
  await page.getByRole("switch", { name: "Off air" }).waitFor();
  await check(page, "off air");
  assert.deepEqual(complaints, []);
});

Deno.test("studio fits a phone in dark and in light mode, with thumb-sized targets", async () => {
  await using program = await startWalkers();
  await watching(browser, program, "A name as long as can be given");
  const sizes = { phone_360: { width: 360, height: 844 }, phone_390: { width: 390, height: 844 } };
  const phone = { deviceScaleFactor: 2, isMobile: true, hasTouch: true };
  const { page, complaints } = await openStudio(browser, program, {
    ...phone,
    viewport: sizes.phone_360,
  });
  await page.getByText("is here").waitFor();
  await page.getByRole("button", { name: /^Kick/ }).waitFor();
  await page.getByRole("button", { name: /^Moderate / }).click();
  assert.deepEqual(await violationsInEachLook(page, sizes), []);
  await inEachLook(page, sizes, async (device, colorScheme) => {
    const { width } = sizes[device];
    const wide = await page.evaluate(() => document.documentElement.scrollWidth);
    assert(wide <= width, `the page is ${wide} wide on a phone of ${width}`);
    for (
      const control of await page.locator("button:visible, input:visible, select:visible").all()
    ) {
      const box = await control.boundingBox();
      const what = await control.evaluate((it) => it.outerHTML.slice(0, 120));
      assert(box && box.height >= 32 && box.width >= 32, `${what} is small`);
      assert(box.x >= 0 && box.x + box.width <= width, `${what} is cut off`);
    }
    await page.screenshot({ path: await screenshotPath(`studio_${device}_${colorScheme}`) });
  });
  assert.deepEqual(complaints, []);
});

Deno.test("studio works by keyboard alone, in reading order", async () => {
  const { page } = await openStudio(browser, program, { viewport: DESKTOP.desktop });
  await page.getByLabel("Source").locator("option").nth(1).waitFor({
    state: "attached",
  });
  await page.locator("#card-download[href]").waitFor();
  const focused = () =>
    page.evaluate(() => {
      const it = document.activeElement!;
      assertOutline(it);
      return it.id || it.textContent!.trim();
      function assertOutline(element: Element) {
        if (getComputedStyle(element).outlineStyle !== "solid") {
          throw new Error(element.outerHTML.slice(0, 80));
        }
      }
    });
  const order: string[] = [];
  for (let i = 0; i < 28; i++) {
    await page.keyboard.press("Tab");
    order.push(await focused());
  }
  assert.deepEqual(order, [
    "Skip to the On air switch",
    "Watch page (new tab)",
    "sound-source",
    "on-air",
    "show-summary",
    "title",
    "source",
    "source-refresh",
    "rotate",
    "flip",
    "controls-summary",
    "chat-scroller",
    "show-emoji",
    "chat-text",
    "streamer-name",
    "slow-mode",
    "word",
    "Block",
    "Download the chat",
    "rewind-switch",
    "clip-rule",
    "publish-address",
    "publish-reveal",
    "Publish",
    "address",
    "copy",
    "card-download",
    "show-phone",
  ]);
});

Deno.test("studio animates nothing under prefers-reduced-motion", async () => {
  const { page } = await openStudio(browser, program, { reducedMotion: "reduce" });
  await page.getByRole("switch", { name: "On air", checked: true }).click();
  await page.getByRole("switch", { name: "Off air" }).waitFor();
  assert.equal(await page.evaluate(() => document.getAnimations().length), 0);
});
