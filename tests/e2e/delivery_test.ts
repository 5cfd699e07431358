/// <reference lib="dom" />
import assert from "node:assert/strict";
import type { Page } from "playwright-core";
import { movingClip } from "../support/clips.ts";
import { startProgram } from "../support/program.ts";
import { launchChromium, outputFolder, playing, until, watch } from "./support.ts";

/** A line of the statistics panel. */
function statistic(page: Page, name: string): Promise<string | null> {
  return page.locator("dt", { hasText: name }).locator("xpath=following-sibling::dd[1]")
    .textContent();
}

/** The delay of the picture that the statistics panel shows; milliseconds. */
async function shownDelay(page: Page): Promise<number> {
  return Number(/^(\d+) ms$/.exec(await statistic(page, "Delay") ?? "")?.[1] ?? NaN);
}

/** Slows down what the page's worker receives; bytes a second. */
async function throttle(page: Page, bytesPerSecond: number): Promise<void> {
  const session = await page.context().newCDPSession(page);
  session.on("Target.attachedToTarget", ({ sessionId }) => {
    const params = {
      offline: false,
      latency: 20,
      downloadThroughput: bytesPerSecond,
      uploadThroughput: -1,
    };
    const message = { id: 1, method: "Network.emulateNetworkConditions", params };
    session.send("Target.sendMessageToTarget", { sessionId, message: JSON.stringify(message) });
  });
  await session.send("Target.setAutoAttach", { autoAttach: true, waitForDebuggerOnStart: false });
}

Deno.test("the page's report reaches the server, which tells the delay and what is given", async () => {
  await using program = await startProgram(["--source", (await movingClip()).path]);
  await using browser = await launchChromium();
  const { page, complaints } = await watch(browser, program);
  await playing(page);
  await page.keyboard.press("t");
  const delay = await until("the delay", () => shownDelay(page), (delay) => delay >= 0);
  assert(delay < 1000, `the delay is ${delay} ms`);
  assert.equal(await statistic(page, "Given"), "High · camera's own picture");
  await page.getByText("High · camera's own picture").last().waitFor();
  await page.getByRole("button", { name: "Low" }).click();
  const given = () => statistic(page, "Given");
  await until("Low", given, (text) => text === "Low, quality 20 · as you chose");
  assert.match(await statistic(page, "Frames") ?? "", /^[\d.]+ fps sent, [\d.]+ shown$/);
  assert.deepEqual(complaints, []);
});

Deno.test("on a slow link the page stays fresh and says why quality is lower", async () => {
  await using program = await startProgram(["--source", (await movingClip()).path]);
  await using browser = await launchChromium();
  const { page } = await watch(browser, program);
  await playing(page);
  await page.keyboard.press("t");
  await until("the delay", () => shownDelay(page), (delay) => delay >= 0);
  await throttle(page, 60_000);
  const given = () => statistic(page, "Given");
  await until("less", given, (text) => /· your link$/.test(text ?? ""));
  await until("a fresh picture", () => shownDelay(page), (delay) => delay < 600);
  await page.screenshot({ path: `${await outputFolder()}slow_link.png` });
});
