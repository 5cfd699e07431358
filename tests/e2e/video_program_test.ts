/// <reference lib="dom" />
import assert from "node:assert/strict";
import { setTimeout as delay } from "node:timers/promises";
import type { Page } from "playwright-core";
import type { ServerMessage } from "../../src/live_messages.ts";
import type { Program } from "../support/program.ts";
import { administer, stateOf } from "../support/requests.ts";
import { until } from "../support/until.ts";
import { violationsInEachLook } from "./axe.ts";
import { openPage, sharedChromium } from "./browser.ts";
import { CHART } from "./clips.ts";
import { screenshotPath } from "./screenshots.ts";
import { startChannel } from "./test_channel.ts";
import { playing, setHidden } from "./watch_page.ts";

const browser = sharedChromium(["--host-resolver-rules=MAP lan.test 127.0.0.1"]);

/** The kinds of context, and how each plays H.264. */
const CONTEXTS = [
  { host: "127.0.0.1", api: "WebCodecs" },
  { host: "lan.test", api: "MediaSource" },
] as const;

type Host = (typeof CONTEXTS)[number]["host"];

function startVideoChannel(...args: string[]): Promise<Program> {
  return startChannel("--h264=auto", "--allow-host=lan.test", ...args);
}

/** Opens a page as a viewer who has chosen H.264, and waits until it plays. Notes what codecs the server reports. */
async function watchVideo({ port }: Program, host: Host, path = "/") {
  const opened = await openPage(browser);
  const codecs: string[] = [];
  opened.page.on("websocket", (socket) =>
    socket.on("framereceived", ({ payload }) => {
      if (typeof payload !== "string") return;
      const message: ServerMessage = JSON.parse(payload);
      if (message.type === "delivery") codecs.push(message.delivery.codec);
    }));
  await opened.page.addInitScript('localStorage.setItem("livestream.video", "h264")');
  await opened.page.goto(`http://${host}:${port}${path}`, { waitUntil: "commit" });
  await playing(opened.page);
  return { ...opened, codecs };
}

/** Waits until new statistics, which are open, say how the picture comes, and returns them. */
async function statistics(page: Page, codec: string): Promise<string> {
  const rows = () => page.locator("#statistics-rows").innerText();
  await page.locator("#statistics-rows").evaluate((rows) => rows.replaceChildren());
  return await until(codec, rows, (text) => text.includes(codec), { timeout: 20_000 });
}

/**
 * Waits until the orange of the chart is on the screen, or something else in its place. Returns how long that
 * took, in milliseconds.
 */
async function orange(page: Page, wanted: boolean): Promise<number> {
  return await page.evaluate(async ([wanted, [x, y, width, height]]) => {
    const context = new OffscreenCanvas(1, 1).getContext("2d", { willReadFrequently: true })!;
    const isOrange = () => {
      const video = document.querySelector<HTMLVideoElement>(".video.picture");
      const image = video ?? document.querySelector<HTMLCanvasElement>("#picture")!;
      const factor = (video?.videoWidth ?? image.width) / 320;
      const [left, top, across, down] = [x, y, width, height].map((value) => value * factor);
      context.drawImage(image, left, top, across, down, 0, 0, 1, 1);
      const { data } = context.getImageData(0, 0, 1, 1);
      return [200, 120, 40].every((value, i) => Math.abs(value - data[i]) < 16);
    };
    const since = performance.now();
    while (isOrange() !== wanted && performance.now() - since < 10_000) {
      await new Promise(requestAnimationFrame);
    }
    return performance.now() - since;
  }, [wanted, CHART.orange] as const);
}

for (const { host, api } of CONTEXTS) {
  Deno.test(`${api}: the page plays the server's H.264 through what happens to it`, async (t) => {
    await using program = await startVideoChannel();
    const { page, complaints } = await watchVideo(program, host);
    await page.locator("#show-statistics").click();
    const plays = () => statistics(page, `H.264 by ${api}`);
    await plays();
    await t.step("the picture is young", async () => {
      const age = async () => Number(/Delay\s+(\d+) ms/.exec(await plays())?.[1] ?? NaN);
      await until("less than 300 ms", age, (age) => age < 300);
    });
    await t.step("the off-air card is seen within a second, and the picture is back", async () => {
      await orange(page, true);
      for (const onAir of [false, true]) {
        const [took] = await Promise.all([
          orange(page, onAir),
          administer(program, "on-air", { onAir }),
        ]);
        assert(took < 1000, `${onAir ? "picture" : "card"} after ${took} ms`);
        // What plays H.264 runs dry meanwhile.
        if (!onAir) await delay(2500);
      }
      await plays();
      await orange(page, true);
    });
    await t.step("the size changes", async () => {
      await administer(program, "picture", { rotate: 90, flip: false });
      const isTurned = (text: string) => text.includes("240 × 320");
      await until("the turned picture", plays, isTurned, { timeout: 20_000 });
      await administer(program, "picture", { rotate: 0, flip: false });
      await until("the picture", plays, (text) => text.includes("320 × 240"), { timeout: 20_000 });
      assert(await orange(page, true) < 1000);
    });
    await t.step("the tab is hidden and shown", async () => {
      await setHidden(page, true);
      const clients = async () => (await stateOf(program)).stream.clients;
      await until("the hidden tab to leave", clients, (count) => count === 0);
      await setHidden(page, false);
      await playing(page);
      await plays();
      assert(await orange(page, true) < 1000);
    });
    assert.deepEqual(complaints, []);
    await t.step("the server restarts", async () => {
      await program[Symbol.asyncDispose]();
      await page.locator("#cover").getByText("Reconnecting…").waitFor();
      await using _restarted = await startVideoChannel(`--port=${program.port}`);
      await playing(page);
      await plays();
      assert(await orange(page, true) < 1000);
    });
  });

  Deno.test(`${api}: the embedded player plays H.264`, async () => {
    await using program = await startVideoChannel();
    const { page, complaints, codecs } = await watchVideo(program, host, "/embed");
    assert(await orange(page, true) < 5000);
    await until("H.264", () => codecs.at(-1), (codec) => codec === "h264");
    if (api === "MediaSource") await page.locator(".video.picture").waitFor();
    const [took] = await Promise.all([
      orange(page, false),
      administer(program, "on-air", { onAir: false }),
    ]);
    assert(took < 1000, `card after ${took} ms`);
    assert.deepEqual(complaints, []);
  });
}

Deno.test("the choice of the video fits on phones and desktops, without axe violations", async () => {
  await using program = await startVideoChannel();
  const { page, complaints } = await watchVideo(program, "127.0.0.1");
  const menu = page.getByRole("combobox", { name: "Video" });
  const sizes = { desktop: { width: 1280, height: 800 }, phone: { width: 390, height: 844 } };
  for (const size of Object.values(sizes)) {
    await page.setViewportSize(size);
    // On phones the choices are in a sheet.
    const opener = page.locator("#open-settings");
    if (await opener.isVisible()) await opener.click();
    await menu.scrollIntoViewIfNeeded();
    const box = (await menu.boundingBox())!;
    assert(box.x >= 0 && box.x + box.width <= size.width, `${JSON.stringify(box)}`);
    const label = (await page.locator(".video-choice").boundingBox())!;
    assert(label.x >= 0 && label.x + label.width <= size.width, `${JSON.stringify(label)}`);
    const isOnTop = await menu.evaluate((menu) => {
      const { x, y, width, height } = menu.getBoundingClientRect();
      return document.elementFromPoint(x + width / 2, y + height / 2) === menu;
    });
    await page.screenshot({ path: await screenshotPath(`video_menu_${size.width}`) });
    assert(isOnTop, `something lies over the menu at ${size.width}`);
  }
  assert.deepEqual(await violationsInEachLook(page, sizes, "#settings"), []);
  assert.deepEqual(complaints, []);
});
