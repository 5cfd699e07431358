/// <reference lib="dom" />
import assert from "node:assert/strict";
import type { Page } from "playwright-core";
import { until } from "../support/until.ts";
import { sharedChromium } from "./browser.ts";
import { stateOf } from "../support/requests.ts";
import { sharedChannel } from "./test_channel.ts";
import { setHidden, watchPlaying } from "./watch_page.ts";

const browser = sharedChromium();
const program = sharedChannel();

const box = (page: Page, selector: string) => page.locator(selector).boundingBox();

Deno.test("fullscreen shows the picture with or without the chat beside it", async () => {
  const { page } = await watchPlaying(browser, program);
  await page.keyboard.press("f");
  await page.waitForFunction(() => document.fullscreenElement !== null);
  const height = await page.evaluate(() => innerHeight);
  const [screen, chat] = await Promise.all([box(page, "#screen"), box(page, "#chat")]);
  assert(screen && chat);
  assert.deepEqual([screen.y, screen.height, chat.height], [0, height, height]);
  assert(chat.x >= screen.x + screen.width, "nothing lies over the picture");

  await page.keyboard.press("c");
  assert(await page.locator("#chat").isHidden());
  await page.keyboard.press("q");
  assert(await page.getByRole("button", { name: "Medium" }).isVisible());
  await page.keyboard.press("Escape");
  assert(await page.getByRole("button", { name: "Medium" }).isHidden());
  await page.keyboard.press("f");
  await page.waitForFunction(() => document.fullscreenElement === null);
  assert(await page.getByRole("button", { name: "Medium" }).isVisible());
  assert(await page.locator("#chat").isVisible());
});

Deno.test("picture in picture continues while the page is hidden", async () => {
  const { page, complaints } = await watchPlaying(browser, program);
  await page.keyboard.press("i");
  await page.locator("#pip[aria-pressed=true]").waitFor();
  const frames = () =>
    page.evaluate(() => {
      const video = document.pictureInPictureElement as HTMLVideoElement;
      return video.getVideoPlaybackQuality().totalVideoFrames;
    });
  await setHidden(page, true);
  const before = await frames();
  await until("more frames", frames, (count) => count > before + 5);
  assert.equal((await stateOf(program)).viewers, 1);
  await page.evaluate(() => document.exitPictureInPicture());
  await until("the hidden page to leave", () => stateOf(program), ({ viewers }) => viewers === 0);
  assert.deepEqual(complaints, []);
});
