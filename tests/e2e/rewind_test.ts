/// <reference lib="dom" />
import assert from "node:assert/strict";
import type { Page } from "playwright-core";
import { administer } from "../support/requests.ts";
import { until } from "../support/until.ts";
import { sharedChromium } from "./browser.ts";
import { screenshotPath } from "./screenshots.ts";
import { sharedChannel, startChannel } from "./test_channel.ts";
import { watchPlaying } from "./watch_page.ts";

const browser = sharedChromium();
const program = sharedChannel("--rewind=60s");

/** The square on the chart of the source moves so fast, and comes back after so many pixels. */
const PIXELS_A_SECOND = 64;
const ROUND = 288;

/** How far the square moves from one frame to the next. */
const PIXELS_A_FRAME = PIXELS_A_SECOND / 10;

/** What the page has for these tests. */
interface Observed {
  /** Where the square is: its left edge in pixels; `null` if it is not in sight. */
  square(): number | null;
  /** Where it was while the page was live: by device time. */
  readonly seen: { readonly at: number; readonly x: number }[];
}

/** Runs in the page. */
declare const observed: Observed;

/** Opens the watch page once there are at least so many seconds to go back to. */
async function watchSince(seconds: number) {
  const opened = await watchPlaying(browser, program);
  const { page } = opened;
  await page.evaluate(() => {
    const canvas = document.querySelector<HTMLCanvasElement>("#picture")!;
    const seen: { at: number; x: number }[] = [];
    const row = new OffscreenCanvas(320, 1);
    const context = row.getContext("2d", { willReadFrequently: true })!;
    function square(): number | null {
      const { width, height } = canvas;
      context.drawImage(canvas, 0, height / 7.5, width, 1, 0, 0, 320, 1);
      const { data } = context.getImageData(0, 0, 320, 1);
      let first = -1;
      let bright = 0;
      for (let x = 0; x < 320; x++) {
        if (data[x * 4] < 90) continue;
        if (first < 0) first = x;
        bright++;
      }
      // It may be partly out of sight.
      return first < 0 || Math.abs(bright - 32) > 3 ? null : first;
    }
    const look = () => {
      const { past, paused } = document.documentElement.dataset;
      const x = square();
      if (past !== "true" && paused !== "true" && x !== null) seen.push({ at: Date.now(), x });
      requestAnimationFrame(look);
    };
    look();
    Object.assign(globalThis, { observed: { square, seen } });
  });
  const slider = page.getByRole("slider", { name: "Time" });
  const kept = async () => -Number(await slider.getAttribute("aria-valuemin"));
  await until("a past", kept, (length) => length >= seconds, { timeout: 20_000 });
  return { ...opened, slider };
}

const squareOf = (page: Page) => page.evaluate(() => observed.square());

/** Returns how far a square has moved, on its round. */
function moved(from: number, to: number): number {
  const way = (to - from) % ROUND;
  return way < -ROUND / 2 ? way + ROUND : way > ROUND / 2 ? way - ROUND : way;
}

/** Returns how much later than so many milliseconds ago the frame on the screen is, by its square. */
async function offBy(page: Page, behind: number): Promise<number | null> {
  return await page.evaluate(([behind, round, pace]) => {
    const x = observed.square();
    const then = Date.now() - behind;
    // A slow test asks for a time when the page was not live any more: the square goes on evenly.
    const near = observed.seen.filter(({ at }) => Math.abs(at - then) < 10_000);
    near.sort((a, b) => Math.abs(a.at - then) - Math.abs(b.at - then));
    if (x === null || !near[0]) return null;
    const due = near[0].x + (then - near[0].at) * pace / 1000;
    const way = ((x - due) % round + 1.5 * round) % round - round / 2;
    return way / pace * 1000;
  }, [behind, ROUND, PIXELS_A_SECOND]);
}

async function untilBehind(page: Page, behind: number): Promise<void> {
  await until(
    `the frame of ${behind} ms ago`,
    () => offBy(page, behind),
    (off) => off !== null && Math.abs(off) < 400,
    { timeout: 10_000 },
  );
}

Deno.test("viewer goes back ten seconds and sees what was then, scrubs, and returns to live", async () => {
  const { page, complaints, slider } = await watchSince(14);
  await page.getByRole("button", { name: "−10 s" }).click();
  await untilBehind(page, 10_000);
  assert.equal(await page.evaluate(() => document.documentElement.dataset.past), "true");
  assert.match(await slider.getAttribute("aria-valuetext") ?? "", /^0:(09|10|11) behind live$/);
  assert(await page.locator(".badge").isHidden(), "it is not live");

  // The connection stays, and follows.
  const requests: string[] = [];
  page.on("request", (request) => requests.push(request.url()));
  await page.keyboard.press("ArrowRight");
  await untilBehind(page, 5000);
  const { x, y, width, height } = (await slider.boundingBox())!;
  await page.mouse.move(x + width / 2, y + height / 2);
  await page.locator(".rewind-preview img").waitFor();
  await page.screenshot({ path: await screenshotPath("rewind") });
  const length = -Number(await slider.getAttribute("aria-valuemin")) * 1000;
  await page.mouse.down();
  await page.mouse.move(x + width * (1 - 8000 / length), y + height / 2, { steps: 5 });
  await page.mouse.up();
  await untilBehind(page, 8000);
  assert.deepEqual(requests.filter((url) => url.includes("/stream")), []);

  await page.getByRole("button", { name: "Live" }).click();
  await page.locator("html[data-past=false][data-player=playing]").waitFor();
  await until("live", () => slider.getAttribute("aria-valuetext"), (text) => text === "Live");
  await untilBehind(page, 0);
  assert.deepEqual(complaints, []);
});

Deno.test("paused viewer steps through frames, uses no connection, and goes on from there", async () => {
  const { page, complaints } = await watchSince(6);
  await page.keyboard.press("k");
  await page.locator("html[data-paused=true][data-player=stopped]").waitFor();
  assert(await page.locator("#cover").isHidden(), "the frame can be looked at");
  await page.keyboard.press(",");
  await page.locator("html[data-player=playing]").waitFor();
  // Away from the edge, where it comes back.
  await until("the square", async () => {
    const now = await squareOf(page);
    if (now !== null && now > 50 && now < 230) return now;
    await page.keyboard.press(",");
    return null;
  }, (x) => x !== null);
  await page.waitForTimeout(500);
  for (const [key, way] of [[".", 1], [".", 1], [",", -1], [",", -1], [",", -1]] as const) {
    const before = (await squareOf(page))!;
    await page.keyboard.press(key);
    const after = await until(
      "another frame",
      () => squareOf(page),
      (x) => x !== null && x !== before,
    );
    assert.ok(Math.abs(moved(before, after!) - way * PIXELS_A_FRAME) < 3, `${before} ${after}`);
  }
  const left = (await squareOf(page))!;
  await page.locator("html[data-player=stopped]").waitFor();
  assert.equal(await squareOf(page), left);

  await page.evaluate(() => {
    const first: number[] = [];
    const canvas = document.querySelector("#picture")!;
    const draw = CanvasRenderingContext2D.prototype.drawImage;
    CanvasRenderingContext2D.prototype.drawImage = function (
      this: CanvasRenderingContext2D,
      ...args: unknown[]
    ) {
      Reflect.apply(draw, this, args);
      if (this.canvas !== canvas) return;
      const x = observed.square();
      if (x !== null) first.push(x);
    };
    Object.assign(globalThis, { first });
  });
  await page.keyboard.press("k");
  await page.locator("html[data-paused=false][data-past=true][data-player=playing]").waitFor();
  const [first] = await until(
    "the first frames",
    () => page.evaluate(() => (globalThis as unknown as { first: number[] }).first),
    ({ length }) => length > 0,
  );
  assert.ok(Math.abs(moved(left, first)) < PIXELS_A_FRAME * 1.5, `${left} ${first}`);
  assert.deepEqual(complaints, []);
});

Deno.test("viewer watches at a quarter of the speed", async () => {
  const { page, complaints } = await watchSince(10);
  await page.keyboard.press("j");
  await page.locator("html[data-past=true][data-player=playing]").waitFor();
  await page.keyboard.press("<");
  await page.keyboard.press("<");
  await page.getByRole("button", { name: "¼×" }).waitFor();
  await page.waitForTimeout(500);
  const pace = async () => {
    const before = { x: await squareOf(page), at: performance.now() };
    await page.waitForTimeout(2000);
    const after = { x: await squareOf(page), at: performance.now() };
    if (before.x === null || after.x === null) return NaN;
    return moved(before.x, after.x) * 1000 / (after.at - before.at) / PIXELS_A_SECOND;
  };
  await until("a quarter", pace, (pace) => Math.abs(pace - 0.25) < 0.08, { timeout: 15_000 });
  await page.keyboard.press("0");
  await page.locator("html[data-past=false]").waitFor();
  await page.getByRole("button", { name: "1×" }).waitFor();
  assert.deepEqual(complaints, []);
});

Deno.test("viewers of the past return to live when the streamer switches rewind off, and are told", async () => {
  await using program = await startChannel("--rewind=60s");
  const { page } = await watchPlaying(browser, program);
  const slider = page.getByRole("slider", { name: "Time" });
  await until("a past", () => slider.getAttribute("aria-valuemin"), (min) => Number(min) < -7);
  await page.keyboard.press("ArrowLeft");
  await page.locator("html[data-past=true][data-player=playing]").waitFor();
  await administer(program, "rewind", { on: false });
  await page.getByText("Rewind has been switched off: you are back to live").waitFor();
  await page.locator("html[data-past=false][data-player=playing]").waitFor();
  assert(await page.locator(".rewind").isHidden());
  await page.keyboard.press("ArrowLeft");
  await page.waitForTimeout(300);
  assert.equal(await page.evaluate(() => document.documentElement.dataset.past), "false");
});
