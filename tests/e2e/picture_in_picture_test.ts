/// <reference lib="dom" />
import assert from "node:assert/strict";
import { until } from "../support/until.ts";
import { sharedChromium } from "./browser.ts";
import { stateOf } from "../support/requests.ts";
import { sharedChannel } from "./test_channel.ts";
import { setHidden, watchPlaying } from "./watch_page.ts";

const browser = sharedChromium();
const program = sharedChannel();

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
  await until(
    "the hidden page to leave",
    () => stateOf(program),
    ({ stream }) => stream.clients === 0,
  );
  assert.deepEqual(complaints, []);
});
