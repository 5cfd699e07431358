/// <reference lib="dom" />
import assert from "node:assert/strict";
import { ADMIN_TOKEN } from "../support/requests.ts";
import { violationsInEachLook } from "./axe.ts";
import { sharedChromium } from "./browser.ts";
import { screenshotPath } from "./screenshots.ts";
import { openStudio } from "./studio_page.ts";
import { sharedChannel, startChannel } from "./test_channel.ts";
import { watch, watchPlaying } from "./watch_page.ts";

const browser = sharedChromium();
const program = sharedChannel();

const SIZES = { desktop: { width: 1280, height: 800 }, phone: { width: 390, height: 844 } };

/** Who may make clips, as the streamer sets it. */
async function allowClips(who: string): Promise<void> {
  const response = await fetch(`${program.origin}/admin/clips`, {
    method: "POST",
    headers: { "content-type": "application/json", authorization: `Bearer ${ADMIN_TOKEN}` },
    body: JSON.stringify({ who }),
  });
  assert.equal(response.status, 200, await response.text());
}

/** Plays a file in the page, and returns its duration in seconds and its size. */
async function played(page: import("playwright-core").Page, path: string) {
  const base64 = (await Deno.readFile(path)).toBase64();
  return await page.evaluate(async (base64) => {
    const bytes = Uint8Array.from(atob(base64), (char) => char.charCodeAt(0));
    const video = document.createElement("video");
    video.muted = true;
    video.src = URL.createObjectURL(new Blob([bytes], { type: "video/mp4" }));
    await video.play();
    return { duration: video.duration, width: video.videoWidth, height: video.videoHeight };
  }, base64);
}

Deno.test("a viewer makes a clip of the last seconds with a key, and it downloads and plays", async () => {
  const { page, complaints } = await watchPlaying(browser, program);
  await page.waitForTimeout(5_000);
  await page.keyboard.press("x");
  const dialog = page.getByRole("dialog", { name: "Make a clip" });
  await dialog.getByRole("button", { name: "10 seconds", exact: true }).click();
  await dialog.getByRole("button", { name: "Start: 1 second later" }).click();
  await dialog.locator(".clip-frame").first().waitFor();
  await page.screenshot({ path: await screenshotPath("clip") });
  assert.deepEqual(await violationsInEachLook(page, SIZES, ".clip-dialog"), []);

  const downloading = page.waitForEvent("download");
  await dialog.getByRole("button", { name: "Make clip" }).click();
  const download = await downloading;
  assert.match(download.suggestedFilename(), /\.mp4$/);
  await dialog.getByText("Ready:").waitFor();
  const link = dialog.getByRole("link", { name: "Download" });
  assert.match(await link.getAttribute("href") ?? "", /^clips\/file\?id=/);
  assert.deepEqual(await violationsInEachLook(page, SIZES, ".clip-dialog"), []);
  const { duration, width, height } = await played(page, await download.path());
  assert(duration > 2 && duration < 10.1, `${duration} s`);
  assert.deepEqual([width, height], [320, 240]);

  // Another choice makes another clip.
  const animation = page.waitForEvent("download");
  await dialog.getByRole("button", { name: "GIF" }).click();
  await link.waitFor({ state: "hidden" });
  await dialog.getByRole("button", { name: "Make clip" }).click();
  const gif = await animation;
  assert.match(gif.suggestedFilename(), /\.gif$/);
  const head = (await Deno.readFile(await gif.path())).subarray(0, 4);
  assert.equal(new TextDecoder().decode(head), "GIF8");
  await page.keyboard.press("Escape");
  await dialog.waitFor({ state: "hidden" });
  assert.deepEqual(complaints, []);
});

Deno.test("a viewer without JavaScript downloads the last seconds as a clip", async () => {
  await using viewer = await watch(browser, program, { javaScriptEnabled: false });
  const { page } = viewer;
  const downloading = page.waitForEvent("download");
  await page.getByRole("button", { name: "Clip the last 30 seconds" }).click();
  const download = await downloading;
  assert.match(download.suggestedFilename(), /\.mp4$/);
  const file = await Deno.readFile(await download.path());
  assert.equal(new TextDecoder().decode(file.subarray(4, 8)), "ftyp");
  await page.screenshot({ path: await screenshotPath("clip_without_javascript") });
});

Deno.test("a clip that the server has forgotten is not downloaded again", async () => {
  const { page } = await watchPlaying(browser, program);
  await page.waitForTimeout(1_500);
  await page.keyboard.press("x");
  const dialog = page.getByRole("dialog", { name: "Make a clip" });
  const downloading = page.waitForEvent("download");
  await dialog.getByRole("button", { name: "Make clip" }).click();
  await downloading;
  const link = dialog.getByRole("link", { name: "Download" });
  const again = page.waitForEvent("download");
  await link.click();
  await again;
  const id = new URLSearchParams((await link.getAttribute("href"))?.split("?")[1]).get("id");
  await page.evaluate((id) =>
    fetch("clips/cancel", {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify({ id }),
    }), id);
  await link.click();
  await dialog.getByText("That clip no longer exists: make it again").waitFor();
  assert(await link.isHidden());
});

Deno.test("the button for clips is there for those who may make them", async () => {
  const { page } = await watchPlaying(browser, program);
  const button = page.locator("#clip");
  await button.waitFor();
  await allowClips("nobody");
  await button.waitFor({ state: "hidden" });
  await page.keyboard.press("x");
  await allowClips("moderators");
  await page.waitForTimeout(500);
  assert(await button.isHidden());
  assert.equal(await page.locator(".clip-dialog").count(), 0);

  const studio = await openStudio(browser, program);
  const rule = studio.page.getByRole("combobox", { name: "Who may make clips" });
  await studio.page.waitForFunction(() =>
    document.querySelector<HTMLSelectElement>("#clip-rule")?.value === "moderators"
  );
  await rule.selectOption("everyone");
  await button.waitFor();
  assert.deepEqual(studio.complaints, []);
});

Deno.test("the streamer switches rewind off for everyone, and on again", async () => {
  const viewer = await watchPlaying(browser, program);
  const button = viewer.page.locator("#clip");
  await button.waitFor();
  const { page, complaints } = await openStudio(browser, program);
  const box = page.getByRole("checkbox", { name: "Viewers can rewind" });
  await page.getByText(/^Kept: \d+ s, [\d.]+ [kM]B of at most \d+ MB$/).waitFor();
  await box.click();
  await page.getByText("Nothing is kept.", { exact: true }).waitFor();
  await button.waitFor({ state: "hidden" });
  await box.click();
  await button.waitFor();
  assert.deepEqual(complaints, []);
});

Deno.test("the streamer makes a timelapse", async () => {
  await using program = await startChannel("--timelapse=1s");
  const { page, complaints } = await openStudio(browser, program);
  await page.getByText(/^[2-9] frames since /).waitFor();
  await page.getByRole("combobox", { name: "Length of the video" }).selectOption("10");
  const downloading = page.waitForEvent("download");
  await page.getByRole("button", { name: "Make video" }).click();
  const download = await downloading;
  assert.match(download.suggestedFilename(), /\.mp4$/);
  const past = page.locator("#past");
  await past.getByRole("link", { name: "Download" }).waitFor();
  await page.screenshot({ path: await screenshotPath("studio_timelapse") });
  assert.deepEqual(await violationsInEachLook(page, SIZES, "#past"), []);
  const { duration } = await played(page, await download.path());
  assert(Math.abs(duration - 10) < 1, `${duration} s`);
  assert.deepEqual(complaints, []);
});

Deno.test("the studio says which options keep nothing", async () => {
  await using program = await startChannel("--rewind=off");
  const { page } = await openStudio(browser, program);
  await page.getByText("Viewers cannot rewind: the program was started with --rewind off")
    .waitFor();
  await page.getByText(/start the program with an option such as --timelapse 10s$/).waitFor();
  await page.getByText("To record, start the program with the option --record DIR").waitFor();
  const viewer = await watchPlaying(browser, program);
  assert(await viewer.page.locator("#clip").isHidden());
});
