/// <reference lib="dom" />
import assert from "node:assert/strict";
import type { Page } from "playwright-core";
import { movingClip } from "../support/clips.ts";
import { type Program } from "../support/program.ts";
import { until } from "../support/until.ts";
import { sharedChromium } from "./browser.ts";
import { screenshotPath } from "./screenshots.ts";
import { startChannel } from "./test_channel.ts";
import { playing, shownQuality, watchPlaying } from "./watch_page.ts";

const browser = sharedChromium();

/** Starts the program with a picture that needs a few megabits a second. */
async function startFast(): Promise<Program> {
  return await startChannel(`--source=${(await movingClip()).path}`, "--fps=30");
}

/** Returns a line of the statistics panel. */
function statistic(page: Page, name: string): Promise<string | null> {
  const term = page.locator("dt").getByText(name, { exact: true });
  return term.locator("xpath=following-sibling::dd[1]").textContent();
}

/** Returns the picture delay shown by the statistics panel. Milliseconds. */
async function shownDelay(page: Page): Promise<number> {
  return Number(/^(\d+) ms$/.exec(await statistic(page, "Delay") ?? "")?.[1] ?? NaN);
}

/** Reloads the page over a slow link. */
async function reloadThrottled(page: Page, bytesPerSecond: number): Promise<void> {
  const session = await page.context().newCDPSession(page);
  const link = { latency: 20, downloadThroughput: bytesPerSecond, uploadThroughput: -1 };
  // Workers are throttled only if this is set before they start.
  await session.send("Network.enable");
  await session.send("Network.emulateNetworkConditions", { offline: false, ...link });
  await page.reload({ waitUntil: "commit" });
}

Deno.test("page reports reach the server, which answers with delay and delivered quality", async () => {
  await using program = await startFast();
  const { page, complaints } = await watchPlaying(browser, program);
  await page.keyboard.press("t");
  const delay = await until("the delay", () => shownDelay(page), (delay) => delay >= 0);
  assert(delay < 1000, `the delay is ${delay} ms`);
  assert.equal(await statistic(page, "Quality"), "High (original)");
  await page.getByText("High (original)").last().waitFor();
  await page.getByRole("button", { name: "Low" }).click();
  const given = () => statistic(page, "Quality");
  await until("Low", given, (text) => text === "Low");
  assert.match(await statistic(page, "Frames") ?? "", /^[\d.]+ fps received, [\d.]+ shown$/);
  assert.deepEqual(complaints, []);
});

Deno.test("page on a slow link stays fresh and says why the quality is lower", async () => {
  await using program = await startFast();
  const { page } = await watchPlaying(browser, program);
  await page.keyboard.press("t");
  const bandwidth = () => statistic(page, "Bandwidth");
  const isWhole = (text: string | null) => /^([4-9]|\d\d)\.\d Mbit\/s$/.test(text ?? "");
  await until("what the camera gives", bandwidth, isWhole);

  await reloadThrottled(page, 150_000);
  await playing(page);
  await page.keyboard.press("t");
  const given = () => statistic(page, "Quality");
  const lowered = /^Reduced for your connection \((\d+ %|H\.264)(, half size)?\)$/;
  await until("less", given, (text) => lowered.test(text ?? ""));
  await until("a fresh picture", () => shownDelay(page), (delay) => delay < 800);
  await until("what the link takes", bandwidth, (text) => /^(\d+ k|1\.\d M)bit/.test(text ?? ""));
  assert(await shownQuality(page) < 100);
  await page.screenshot({ path: await screenshotPath("slow_link") });
});
