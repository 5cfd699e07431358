/// <reference lib="dom" />
import assert from "node:assert/strict";
import type { Page } from "playwright-core";
import { until } from "../support/until.ts";
import { startTestServer } from "../support/test_server.ts";
import { violationsInEachLook } from "./axe.ts";
import { sharedChromium } from "./browser.ts";
import { inEachLook } from "./looks.ts";
import { screenshotPath } from "./screenshots.ts";
import { openStudio } from "./studio_page.ts";

const browser = sharedChromium();

const MUTED = "Muted – nobody hears you";

/** A server whose source of sound is in the test's hands, and its studio. */
async function setUp() {
  const server = await startTestServer();
  const timer = setInterval(() => server.tick(), 100);
  const { page, complaints } = await openStudio(browser, server, {
    viewport: { width: 1280, height: 800 },
    colorScheme: "dark",
  });
  return {
    ...{ server, page, complaints, microphone: server.microphone },
    async [Symbol.asyncDispose]() {
      await page.context().close();
      clearInterval(timer);
      await server[Symbol.asyncDispose]();
    },
  };
}

const muteButton = (page: Page) => page.locator("#mute");

Deno.test("studio says that sound is off, chooses a source, and says why it cannot", async () => {
  await using test = await setUp();
  const { page, microphone, server } = test;
  await microphone.switchTo("off");
  await page.getByText("Viewers hear nothing.").waitFor();
  assert.ok(await muteButton(page).isHidden());

  const select = page.locator("#sound-source");
  await select.focus();
  await until(
    "the list",
    () => select.locator("option").allTextContents(),
    (names) => names.join() === "Off,Automatic,Busy microphone",
  );
  await select.selectOption("busy");
  await page.locator("#sound-switch").click();
  await page.getByRole("alert").getByText("Cannot open it: it is busy").waitFor();
  assert.equal(await select.inputValue(), "off");

  await select.selectOption("auto");
  await page.locator("#sound-switch").click();
  await muteButton(page).waitFor();
  assert.equal(server.sound.studio.source, "auto");
  microphone.change({ isOpen: true });
  await page.getByText("Capturing sound · Microphone").waitFor();
});

Deno.test("studio's mute button and key mute the server within 100 ms, and show it everywhere", async () => {
  await using test = await setUp();
  const { page, server } = test;
  await page.getByRole("button", { name: "Mute", exact: true }).waitFor();
  const times: number[] = [];
  for (let i = 0; i < 6; i++) {
    times.push(
      await page.evaluate(() =>
        new Promise<number>((resolve) => {
          const button = document.getElementById("mute")!;
          const pressed = button.ariaPressed;
          const start = performance.now();
          const observer = new MutationObserver(() => {
            if (button.ariaPressed === pressed) return;
            observer.disconnect();
            resolve(performance.now() - start);
          });
          observer.observe(button, { attributes: true });
          button.click();
        })
      ),
    );
    assert.equal(server.sound.studio.muted, i % 2 === 0);
  }
  // Beside other tests a single one may take longer.
  assert.ok(Math.min(...times) < 100, `${times}`);

  await page.keyboard.press("m");
  await page.getByRole("button", { name: MUTED, pressed: true }).waitFor();
  assert.equal(server.sound.studio.muted, true);
  await page.locator("#preview-muted").waitFor();
  assert.equal(await page.locator("#sound-pill").innerText(), "MUTED");
  assert.equal(await page.locator("#announcement").textContent(), MUTED);

  await page.locator("#chat-text").focus();
  await page.keyboard.press("m");
  await page.locator("#sound-settings summary").click();
  await page.locator("#sound-gain").focus();
  await page.keyboard.press("m");
  await page.getByRole("button", { name: "Mute", exact: true, pressed: false }).waitFor();
  assert.equal(await page.locator("#chat-text").inputValue(), "m");
  assert.equal(server.sound.studio.muted, false, "only the key pressed outside of the chat counts");
  await page.locator("#sound-pill").waitFor({ state: "hidden" });
  assert.deepEqual(test.complaints, []);
});

Deno.test("studio says so if the sound could not be muted, and does not call it muted before", async () => {
  await using test = await setUp();
  const { page, server } = test;
  await page.getByRole("button", { name: "Mute", exact: true }).waitFor();
  const asked = Promise.withResolvers<void>();
  const fail = Promise.withResolvers<void>();
  await page.route("**/admin/sound", async (route) => {
    asked.resolve();
    await fail.promise;
    await route.abort();
  });
  await muteButton(page).click();
  await asked.promise;
  await page.getByRole("button", { name: "Muting…", pressed: false }).waitFor();
  fail.resolve();
  await page.getByRole("alert").getByText("The sound is not muted: ").waitFor();
  await page.getByRole("button", { name: "Mute", exact: true, pressed: false }).waitFor();
  assert.equal(server.sound.studio.muted, false);

  await page.unroute("**/admin/sound");
  await muteButton(page).click();
  await page.getByRole("button", { name: MUTED, pressed: true }).waitFor();
  await page.locator("#mute-problem").waitFor({ state: "hidden" });
});

Deno.test("studio sends gain and delay when a slider is released, and resets it on a double click", async () => {
  await using test = await setUp();
  const { page, server } = test;
  const posts: string[] = [];
  page.on("request", (request) => posts.push(request.postData() ?? ""));
  await page.locator("#sound-settings summary").click();
  const gain = page.getByLabel("Sound gain");
  const box = (await gain.boundingBox())!;
  await page.mouse.move(box.x + box.width / 2, box.y + box.height / 2);
  await page.mouse.down();
  await page.mouse.move(box.x + box.width * 0.6, box.y + box.height / 2, { steps: 5 });
  await page.mouse.move(box.x + box.width - 1, box.y + box.height / 2, { steps: 5 });
  assert.equal(await page.locator("#sound-gain-value").textContent(), "+20 dB");
  assert.equal(server.sound.studio.gain, 0, "not before it is released");
  await page.mouse.up();
  await until("the gain", () => Promise.resolve(server.sound.studio.gain), (it) => it === 20);
  await until("one request", () => Promise.resolve(posts.join("")), (it) => it === '{"gain":20}');

  await gain.dblclick();
  await until("no gain", () => Promise.resolve(server.sound.studio.gain), (it) => it === 0);
  await until("no gain", () => gain.inputValue(), (it) => it === "0");

  const delay = page.getByLabel("Sound later than the picture");
  await delay.press("ArrowRight");
  await until("the delay", () => Promise.resolve(server.sound.studio.delay), (it) => it === 10);
  assert.equal(await delay.getAttribute("aria-valuetext"), "+10 ms");

  await page.getByLabel("Open the microphone only while somebody listens").check();
  await until("it", () => Promise.resolve(server.sound.studio.onDemand), (it) => it);
  await page.getByText("Not capturing sound").waitFor();

  server.sound.set({ gain: -6, delay: 500, onDemand: false });
  await until("the other studio's gain", () => gain.inputValue(), (it) => it === "-6");
  await until("its delay", () => delay.inputValue(), (it) => it === "500");
  await page.getByText(/^Capturing sound/).waitFor();
});

Deno.test("studio's meter shows levels and clipping, and empties when they end", async () => {
  await using test = await setUp();
  const { page, microphone } = test;
  const meter = page.getByRole("meter", { name: "Sound level" });
  await meter.waitFor();
  const place = await page.locator(".stage").boundingBox();
  const clip = page.locator("#level-clip");
  const timer = setInterval(() => microphone.events.emit("level", { peak: -6, rms: -30 }), 100);
  await until("the level", () => meter.getAttribute("aria-valuenow"), (it) => it === "-30");
  assert.equal(await meter.getAttribute("aria-valuetext"), "-30 dB");
  await until(
    "half a bar",
    () => page.locator(".level-bar").evaluate((it) => getComputedStyle(it).clipPath),
    (shape) => shape === "inset(0px 50% 0px 0px)",
  );
  assert.ok(await clip.isHidden());
  clearInterval(timer);
  microphone.events.emit("level", { peak: 0, rms: -3 });
  await clip.waitFor();
  assert.deepEqual(await page.locator(".stage").boundingBox(), place, "nothing moves");
  await until("silence", () => meter.getAttribute("aria-valuetext"), (it) => it === "silent");
  await clip.waitFor({ state: "hidden" });
});

Deno.test("studio says why there is no sound, in the panel and in the bar", async () => {
  await using test = await setUp();
  const { page, microphone } = test;
  const reason = 'Microphone "Blue" is not connected. Plug it in';
  await page.getByText(/^Capturing sound/).waitFor();
  microphone.change({ state: "waiting", isOpen: false, reason });
  await page.locator("#sound").getByText(reason).waitFor();
  await page.getByText("Not capturing sound").waitFor();
  assert.equal(await page.locator("#sound-pill").innerText(), "NO SOUND");
  microphone.change({ state: "on", isOpen: true, reason: null });
  await page.locator("#sound-pill").waitFor({ state: "hidden" });
  await page.locator("#sound-problem").waitFor({ state: "hidden" });
});

Deno.test("studio with sound has no axe violations, and fits a phone with thumb-sized targets", async () => {
  await using test = await setUp();
  const { page, server, microphone } = test;
  server.sound.set({ muted: true });
  microphone.change({ state: "waiting", isOpen: false, reason: "Microphone is busy. Close it" });
  await page.getByRole("button", { name: MUTED }).waitFor();
  await page.locator("#sound-settings summary").click();
  const sizes = { desktop: { width: 1280, height: 800 }, phone: { width: 360, height: 780 } };
  assert.deepEqual(await violationsInEachLook(page, sizes), []);
  await inEachLook(
    page,
    { ...sizes, flat: { width: 844, height: 390 } },
    async (device, colour) => {
      const width = await page.evaluate(() => innerWidth);
      const wide = await page.evaluate(() => document.documentElement.scrollWidth);
      assert.ok(wide <= width, `the page is ${wide} wide on a ${device} of ${width}`);
      const fields = page.locator("#sound").locator("summary, button, input, select");
      assert.equal(await fields.count(), 7);
      for (const field of await fields.all()) {
        const box = await field.boundingBox();
        const what = await field.evaluate((it) => it.outerHTML.slice(0, 120));
        assert.ok(box && box.height >= 32 && box.width >= 32, `${what} is small`);
        assert.ok(box.x >= 0 && box.x + box.width <= width, `${what} is cut off`);
      }
      await page.screenshot({ path: await screenshotPath(`studio_sound_${device}_${colour}`) });
    },
  );
  assert.deepEqual(test.complaints, []);
});
