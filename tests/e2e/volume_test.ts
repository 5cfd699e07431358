/// <reference lib="dom" />
import assert from "node:assert/strict";
import type { BrowserContextOptions, Page } from "playwright-core";
import { soundPacket } from "../support/fake_sound.ts";
import { ROOT } from "../support/program.ts";
import { startTestServer } from "../support/test_server.ts";
import { until } from "../support/until.ts";
import { violationsInEachLook } from "./axe.ts";
import { type OpenedPage, openPage, sharedChromium } from "./browser.ts";
import { screenshotPath } from "./screenshots.ts";

const browser = sharedChromium();

/** Blocks sound until a key is pressed. Chromium's own block does not last: Playwright's calls count as gestures. */
const BLOCK = `{
  let isAllowed = false;
  addEventListener("keydown", () => isAllowed = true, true);
  globalThis.AudioContext = class extends AudioContext {
    constructor(options) {
      super(options);
      if (!isAllowed) super.suspend();
    }
    resume() {
      return isAllowed ? super.resume() : new Promise(() => {});
    }
  };
}`;

const SIZES = {
  desktop: { width: 1280, height: 800 },
  phone: { width: 390, height: 844 },
  side: { width: 844, height: 390 },
};

/** A server with a microphone that gives silence, fifty packets a second. */
async function startSound() {
  const server = await startTestServer({
    page: await Deno.readTextFile(`${ROOT}static/index.html`),
  });
  let sequence = 0;
  const timer = setInterval(() => {
    if (!server.microphone.isWanted) return;
    server.microphone.give(soundPacket(sequence++, { at: Date.now() - 20 }));
  }, 20);
  return {
    server,
    /** Waits until so many listen. */
    listeners: (count: number) =>
      until(`${count} listeners`, () => server.soundStream.listeners, (is) => is === count),
    async [Symbol.asyncDispose]() {
      clearInterval(timer);
      await server[Symbol.asyncDispose]();
    },
  };
}

/** Opens a page as a new viewer. */
async function open(
  { server }: Awaited<ReturnType<typeof startSound>>,
  options: BrowserContextOptions = {},
  path = "/",
): Promise<OpenedPage> {
  const opened = await openPage(browser, options);
  await opened.page.goto(server.origin + path, { waitUntil: "commit" });
  if (options.javaScriptEnabled !== false) {
    await opened.page.locator("html[data-connection=open]").waitFor();
  }
  return opened;
}

const soundOf = (page: Page) => page.getByRole("button", { name: "Sound", exact: true });

Deno.test("a viewer turns the sound on, changes it by keys, and off", async () => {
  await using sound = await startSound();
  await using opened = await open(sound);
  const { page } = opened;
  await page.getByRole("button", { name: "Tap to hear" }).click();
  await sound.listeners(1);
  await page.locator("#mute[aria-pressed=true]").waitFor();
  assert(await page.locator("#hear").isHidden());
  const slider = page.getByRole("slider", { name: "Volume" });
  await page.keyboard.press("ArrowDown");
  assert.equal(await slider.getAttribute("aria-valuetext"), "95 %");
  await page.keyboard.press("k");
  await sound.listeners(0);
  await page.keyboard.press("k");
  await sound.listeners(1);
  await page.keyboard.press("m");
  await sound.listeners(0);
  await page.locator("#mute[aria-pressed=false]").waitFor();
  assert.equal(await slider.getAttribute("aria-valuetext"), "0 %");
  await slider.fill("40");
  await sound.listeners(1);
  assert.equal(await page.locator("#volume").getAttribute("data-volume"), "low");
  assert.deepEqual(opened.complaints, []);
});

Deno.test("sound that was on starts at the next visit, with the first key if the browser wants one", async () => {
  await using sound = await startSound();
  await using opened = await open(sound);
  const { page } = opened;
  await soundOf(page).click();
  await sound.listeners(1);
  await page.addInitScript(BLOCK);
  await page.goto(sound.server.origin, { waitUntil: "commit" });
  await page.getByRole("button", { name: "Tap to hear" }).waitFor();
  await sound.listeners(0);
  await page.keyboard.press("x");
  await sound.listeners(1);
  await page.locator("#mute[aria-pressed=true]").waitFor();
});

Deno.test("the page says that the streamer muted the sound, and hides the volume of a stream without sound", async () => {
  await using sound = await startSound();
  await using opened = await open(sound);
  const { page } = opened;
  await soundOf(page).click();
  await sound.listeners(1);
  sound.server.sound.set({ muted: true });
  await page.getByRole("status").getByText("The streamer has muted the sound").waitFor();
  sound.server.sound.set({ muted: false });
  await page.locator("#sound-note:empty").waitFor({ state: "attached" });
  await sound.server.sound.switchTo("off");
  await page.locator("#volume").waitFor({ state: "hidden" });
  await page.keyboard.press("?");
  await page.getByRole("dialog").getByText("Pause or play").waitFor();
  assert(await page.getByText("Sound on or off").isHidden());
});

Deno.test("the chat in a window of its own plays no sound", async () => {
  await using sound = await startSound();
  await using opened = await open(sound);
  const { page } = opened;
  await soundOf(page).click();
  await sound.listeners(1);
  await page.goto(`${sound.server.origin}/?chat`, { waitUntil: "commit" });
  await page.locator("html[data-connection=open]").waitFor();
  await page.keyboard.press("x");
  await page.waitForTimeout(500);
  assert.equal(sound.server.soundStream.listeners, 0);
});

Deno.test("the embedded player has a volume", async () => {
  await using sound = await startSound();
  await using opened = await open(sound, {}, "/embed");
  const { page } = opened;
  await page.keyboard.press("m");
  await sound.listeners(1);
  await page.keyboard.press("ArrowDown");
  assert.equal(await page.getByRole("slider").getAttribute("aria-valuetext"), "95 %");
  await page.screenshot({ path: await screenshotPath("volume_embed") });
});

Deno.test("without JavaScript, the page has an audio element if there is sound", async () => {
  await using sound = await startSound();
  for (const path of ["/", "/embed"]) {
    await using opened = await open(sound, { javaScriptEnabled: false }, path);
    const audio = opened.page.locator("audio");
    await audio.waitFor();
    assert.equal(await audio.getAttribute("src"), "sound.mp3");
    await opened.page.screenshot({
      path: await screenshotPath(`volume_no_js${path.replace("/", "_")}`),
    });
    await sound.server.sound.switchTo("off");
    await opened.page.reload({ waitUntil: "commit" });
    await audio.waitFor({ state: "hidden" });
    await sound.server.sound.switchTo("auto");
  }
});

Deno.test("the volume has no axe violations: invitation, slider, note", async () => {
  await using sound = await startSound();
  await using opened = await open(sound);
  const { page } = opened;
  await page.locator("#hear").waitFor();
  const shot = async (state: string) => {
    for (const [size, viewport] of Object.entries(SIZES)) {
      await page.setViewportSize(viewport);
      await page.screenshot({ path: await screenshotPath(`volume_${state}_${size}`) });
    }
  };
  await shot("invitation");
  assert.deepEqual(await violationsInEachLook(page, SIZES, "#screen"), []);
  await soundOf(page).click();
  sound.server.sound.set({ muted: true });
  await page.locator("#sound-note[data-shown=true]").waitFor();
  await page.keyboard.press("ArrowDown");
  await shot("note");
  assert.deepEqual(await violationsInEachLook(page, SIZES, "#screen"), []);
});
