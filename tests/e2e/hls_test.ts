/// <reference lib="dom" />
import assert from "node:assert/strict";
import type { Page } from "playwright-core";
import { hasNginx, startHlsServer } from "../support/hls_server.ts";
import { ROOT } from "../support/program.ts";
import { administer, newCookie, postJson } from "../support/requests.ts";
import { until } from "../support/until.ts";
import { temporaryFolder } from "../store/temporary_folder.ts";
import { violationsInEachLook } from "./axe.ts";
import { openPage, sharedChromium } from "./browser.ts";
import { screenshotPath } from "./screenshots.ts";
import { startChannel } from "./test_channel.ts";

const browser = sharedChromium();

/** Pictures are at most so old when they are shown. Milliseconds. */
const MAX_AGE = 3_000;

const SIZES = { desktop: { width: 1280, height: 800 }, phone: { width: 390, height: 780 } };

function stateOf(page: Page) {
  return page.evaluate(() => {
    const video = document.querySelector("video")!;
    const { videoWidth: width, videoHeight: height, currentTime, paused } = video;
    const { age = "" } = document.documentElement.dataset;
    return { width, height, currentTime, paused, age: age === "" ? Infinity : Number(age) };
  });
}

/** Waits until the picture goes on, and is not old. */
async function playing(page: Page): Promise<void> {
  const begun = (await stateOf(page)).currentTime;
  await until(
    "a picture of now",
    () => stateOf(page),
    ({ currentTime, age }) => currentTime !== begun && age > 0 && age <= MAX_AGE,
    { timeout: 30_000 },
  );
}

Deno.test("the page of HLS plays at most 3 s behind, also after the channel was off air and after a turn", async () => {
  await using program = await startChannel("--h264=auto", "--hls");
  const { page, complaints } = await openPage(browser, { viewport: SIZES.desktop, locale: "de" });
  await page.goto(`${program.origin}/hls/`);
  await playing(page);
  const high = await until(
    "the better rendition",
    () => stateOf(page),
    ({ width }) => width >= 320,
  );
  await page.getByText("hinter live").waitFor();
  await administer(program, "title", { title: "Bird box" });
  await page.getByRole("heading", { name: "Bird box" }).waitFor();
  await administer(program, "on-air", { onAir: false });
  await page.locator('html[data-on-air="false"]').waitFor();
  await playing(page);
  await administer(program, "on-air", { onAir: true });
  await page.locator('html[data-on-air="true"]').waitFor();
  await playing(page);
  // The encoder starts again for frames of another size.
  await administer(program, "picture", { rotate: 90, flip: false });
  await until("an upright picture", () => stateOf(page), ({ width, height }) => height > width, {
    timeout: 30_000,
  });
  await playing(page);
  assert.ok(high.width > high.height);
  assert.deepEqual(await page.context().cookies(), []);
  assert.deepEqual(complaints, []);
});

Deno.test("the page of HLS shows the chat, and works by keyboard, on a phone, in the dark", async () => {
  await using program = await startChannel("--h264=auto", "--hls");
  const message = { key: "1", name: "Ann", text: "see https://example.com <b>" };
  await postJson(program, "/chat", message, newCookie());
  const { page, complaints } = await openPage(browser, { viewport: SIZES.desktop });
  await page.goto(`${program.origin}/hls/`);
  await page.getByText("see https://example.com <b>").waitFor();
  await page.getByRole("link", { name: "https://example.com" }).waitFor();
  await playing(page);
  await page.keyboard.press("k");
  await until("a pause", () => stateOf(page), ({ paused }) => paused);
  await page.keyboard.press("k");
  await playing(page);
  const hear = page.getByRole("button", { name: "Sound" });
  await page.keyboard.press("m");
  assert.equal(await hear.getAttribute("aria-pressed"), "true");
  assert.deepEqual(await violationsInEachLook(page, SIZES), []);
  for (const [device, size] of Object.entries(SIZES)) {
    await page.setViewportSize(size);
    await page.screenshot({ path: await screenshotPath(`hls_${device}`) });
    const overflow = await page.evaluate(() =>
      document.documentElement.scrollWidth - document.documentElement.clientWidth
    );
    assert.equal(overflow, 0, device);
  }
  const full = page.getByRole("link", { name: "Full page" });
  assert.equal(await full.evaluate((a) => (a as HTMLAnchorElement).href), `${program.origin}/`);
  assert.deepEqual(complaints, []);
});

Deno.test({
  name: "hls.js plays what is uploaded to nginx",
  ignore: !hasNginx,
  async fn() {
    using folder = temporaryFolder();
    const library = `${ROOT}static/js/hls/hls.light.min.js`;
    await using server = await startHlsServer(`${folder.path}/`, library);
    await using _program = await startChannel(
      "--h264=auto",
      `--publish=${server.origin}/put/ ${folder.path}`,
    );
    for (const place of ["put", "folder"]) {
      const { page } = await openPage(browser, {});
      await page.goto(`${server.origin}/play.html`);
      const isThere = async () => {
        const answer = await fetch(`${server.origin}/${place}/live.m3u8`);
        await answer.body?.cancel();
        return answer.ok;
      };
      await until(place, isThere, Boolean, { timeout: 30_000 });
      await page.evaluate((source) => {
        const hls = new (Reflect.get(globalThis, "Hls"))({
          liveSyncDuration: 1.8,
          enableWorker: false,
        });
        hls.loadSource(source);
        hls.attachMedia(document.querySelector("video"));
        Object.assign(globalThis, { hls });
      }, `/${place}/live.m3u8`);
      const age = () =>
        page.evaluate(() => {
          const { playingDate } = Reflect.get(globalThis, "hls");
          return playingDate === null ? Infinity : Date.now() - playingDate.getTime();
        });
      await until("a picture of now", age, (age) => age < MAX_AGE + 1_000, { timeout: 30_000 });
      await page.close();
    }
  },
});
