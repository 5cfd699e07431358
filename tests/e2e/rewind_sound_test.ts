/// <reference lib="dom" />
import assert from "node:assert/strict";
import { flashBeepClip } from "../support/flash_beep_clip.ts";
import { until } from "../support/until.ts";
import { sharedChromium } from "./browser.ts";
import { startChannel } from "./test_channel.ts";

const browser = sharedChromium(["--autoplay-policy=no-user-gesture-required"]);

Deno.test("sound of the past is in step with its picture soon after each jump", async () => {
  const clip = await flashBeepClip("avi", 300);
  await using program = await startChannel(
    `--source=${clip}`,
    "--sound=auto",
    "--fps=30",
    "--rewind=60s",
  );
  const context = await browser.newContext();
  const page = await context.newPage();
  const heard: { at: number; offset: number | null; gaps: number }[] = [];
  page.on("websocket", (socket) =>
    socket.on("framesent", ({ payload }) => {
      const message = JSON.parse(String(payload));
      if (message.type === "heard") heard.push({ ...message, at: performance.now() });
    }));
  await page.goto(program.origin, { waitUntil: "commit" });
  await page.locator("html[data-player=playing][data-scripts=started]").waitFor();
  await page.keyboard.press("m");
  const slider = page.getByRole("slider", { name: "Time" });
  await until("a past", () => slider.getAttribute("aria-valuemin"), (min) => Number(min) < -12, {
    timeout: 20_000,
  });
  const inStep = async (what: string) => {
    const since = performance.now();
    const at = (after: number) => heard.filter((report) => report.at > since + after);
    await until(
      `sound in step after ${what}`,
      () => at(0),
      (reports) =>
        reports.some(({ offset, at }) =>
          offset !== null && Math.abs(offset) < 80 && at > since + 100
        ),
      { timeout: 5000 },
    );
    const took = at(100).find(({ offset }) => offset !== null && Math.abs(offset) < 80)!.at - since;
    await page.waitForTimeout(2500);
    const late = at(1500).map(({ offset }) => offset);
    assert.ok(late.length > 2, `${what}: sound goes on`);
    assert.ok(
      late.every((offset) => offset !== null && Math.abs(offset) < 100),
      `${what}: ${late}`,
    );
    assert.ok(took < 1500, `${what}: ${took} ms`);
  };
  await inStep("the start");
  for (const [key, what] of [["j", "10 s back"], ["ArrowRight", "5 s on"], ["0", "live"]]) {
    await page.keyboard.press(key);
    await inStep(what);
  }
});
