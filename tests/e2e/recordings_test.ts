/// <reference lib="dom" />
import assert from "node:assert/strict";
import { until } from "../support/until.ts";
import { violationsInEachLook } from "./axe.ts";
import { sharedChromium } from "./browser.ts";
import { screenshotPath } from "./screenshots.ts";
import { openStudio } from "./studio_page.ts";
import { startChannel } from "./test_channel.ts";

const browser = sharedChromium();

const SIZES = { desktop: { width: 1280, height: 800 }, phone: { width: 390, height: 844 } };

Deno.test("the streamer records, and plays, downloads and deletes what was recorded", async () => {
  const folder = await Deno.makeTempDir();
  try {
    await using program = await startChannel(`--record=${folder}`, "--record-when=off");
    const { page, complaints } = await openStudio(browser, program);
    const panel = page.getByRole("region", { name: "Recording" });
    await panel.getByText("No recordings yet", { exact: true }).waitFor();
    assert(await page.locator("#rec-pill").isHidden());

    await panel.getByRole("button", { name: "Always" }).click();
    await page.locator("#rec-pill").getByText("Rec", { exact: true }).waitFor();
    await panel.getByText(/\.mp4 · 0:0[3-9] · [\d.]+ [kM]B$/).waitFor();
    await panel.getByText("Being recorded").waitFor();
    await panel.getByRole("button", { name: "Off" }).click();
    await page.locator("#rec-pill").waitFor({ state: "hidden" });
    await panel.getByText("Nothing is being recorded.", { exact: true }).waitFor();

    await panel.getByRole("button", { name: /^Play the recording of / }).and(
      page.locator(":enabled"),
    ).waitFor();
    await panel.getByText(/^1 recording, [\d.]+ [kM]B · [\d.]+ GB free$/).waitFor();
    await page.locator(".recording-play img").evaluate((image: HTMLImageElement) => image.decode());
    assert.deepEqual(await violationsInEachLook(page, SIZES, "#recording"), []);
    await page.screenshot({ path: await screenshotPath("studio_recordings"), fullPage: true });

    await panel.getByRole("button", { name: /^Play the recording of / }).click();
    const player = page.locator("#recording-player");
    const video = page.locator("#recording-video");
    const { duration, soughtTo } = await video.evaluate(async (video: HTMLVideoElement) => {
      while (!(video.currentTime > 0.2)) await new Promise((resolve) => setTimeout(resolve, 50));
      video.pause();
      const sought = new Promise((resolve) => video.onseeked = resolve);
      video.currentTime = 2;
      await sought;
      return { duration: video.duration, soughtTo: video.currentTime };
    });
    assert(duration > 2.5 && duration < 30, `${duration} s`);
    assert.equal(soughtTo, 2);
    assert.deepEqual(await violationsInEachLook(page, SIZES, "#recording-player"), []);
    await page.screenshot({ path: await screenshotPath("studio_recording_player") });
    await player.getByRole("button", { name: "Close" }).click();
    assert.equal(await video.getAttribute("src"), null);

    const downloading = page.waitForEvent("download");
    await panel.getByRole("link", { name: /^Download the recording of / }).click();
    const download = await downloading;
    const files = Array.from(Deno.readDirSync(folder), ({ name }) => name);
    assert(files.includes(download.suggestedFilename()), `${files}`);

    await panel.getByRole("button", { name: /^Delete the recording of / }).click();
    const question = page.getByRole("dialog", { name: /^Delete the recording of / });
    await question.getByRole("button", { name: "Delete" }).click();
    await panel.getByText("No recordings yet", { exact: true }).waitFor();
    await until(
      "the file to go",
      () => Promise.resolve(Array.from(Deno.readDirSync(folder), ({ name }) => name)),
      (names) => !names.some((name) => name.endsWith(".mp4")),
    );
    assert.deepEqual(complaints, []);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});
