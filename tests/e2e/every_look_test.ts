/// <reference lib="dom" />
import assert from "node:assert/strict";
import type { Locator, Page } from "playwright-core";
import { movingClip } from "../support/clips.ts";
import { openPage, sharedChromium } from "./browser.ts";
import { inEachLook } from "./looks.ts";
import { screenshotPath } from "./screenshots.ts";
import { openStudio } from "./studio_page.ts";
import { startChannel } from "./test_channel.ts";
import { say, watchPlaying } from "./watch_page.ts";

const browser = sharedChromium();

const size = (width: number, height: number) => ({ width, height });

/** 1440x900 at 200 % zoom is 720x450 CSS pixels. */
const SIZES = {
  "1440x900": size(1440, 900),
  "1280x800": size(1280, 800),
  "1024x768": size(1024, 768),
  "820x1180": size(820, 1180),
  "390x844": size(390, 844),
  "360x640": size(360, 640),
  "844x390": size(844, 390),
  "zoom_200": size(720, 450),
};

/** Stores a picture of a page in each look, and checks that it fits and its controls can be reached. */
async function look(page: Page, name: string, controls: Readonly<Record<string, Locator>>) {
  const check = async (state: string) => {
    await page.screenshot({ path: await screenshotPath(`look_${name}_${state}`) });
    const { width, height } = page.viewportSize()!;
    const wide = await page.evaluate(() => document.documentElement.scrollWidth);
    assert(wide <= width, `${name} ${state} is ${wide} px wide`);
    for (const [control, locator] of Object.entries(controls)) {
      await locator.evaluate((it) => it.scrollIntoView({ block: "center" }));
      const box = await locator.boundingBox();
      const isInside = box && box.x >= 0 && box.y >= 0 && box.x + box.width <= width &&
        box.y + box.height <= height;
      assert(isInside, `${name} ${state}: ${control} is at ${JSON.stringify(box)}`);
    }
    await page.evaluate(() => scrollTo(0, 0));
  };
  await inEachLook(page, SIZES, (device, colorScheme) => check(`${device}_${colorScheme}`));
  for (const forced of ["1440x900", "390x844"] as const) {
    await page.setViewportSize(SIZES[forced]);
    await page.emulateMedia({ forcedColors: "active" });
    await check(`${forced}_forced`);
    await page.emulateMedia({ forcedColors: null });
  }
}

Deno.test("every page fits every screen, dark, light, zoomed and in high contrast", async (t) => {
  const source = `--source=${(await movingClip()).path}`;
  await using program = await startChannel(source, "--title=Friday night");
  await t.step("watch page", async () => {
    const { page } = await watchPlaying(browser, program);
    await say(page, "Hello everyone, what a picture!", "Ada");
    await page.locator(".message[data-status=sent]").waitFor();
    await look(page, "watch", {
      title: page.getByRole("heading", { name: "Friday night" }),
      viewers: page.locator("#meta-viewers"),
      share: page.getByRole("button", { name: "Share" }),
      donate: page.getByRole("button", { name: "Donate" }),
      pause: page.getByRole("button", { name: "Pause" }),
      fullscreen: page.getByRole("button", { name: "Fullscreen" }),
      message: page.getByRole("textbox", { name: "Message" }),
    });
  });
  await t.step("studio", async () => {
    const { page } = await openStudio(browser, program);
    await page.locator("#card-download[href]").waitFor();
    await look(page, "studio", {
      onAir: page.getByRole("switch", { name: "On air" }),
      title: page.getByLabel("Title"),
      address: page.locator("#address"),
    });
  });
  await t.step("embed", async () => {
    const { page } = await openPage(browser);
    await page.goto(`${program.origin}/embed`);
    await page.locator("html[data-player=playing][data-scripts=started]").waitFor();
    await look(page, "embed", { title: page.locator("#title") });
  });
  await t.step("login", async () => {
    await using locked = await startChannel(source, "--password=open sesame");
    const { page } = await openPage(browser);
    await page.goto(`${locked.origin}/login`);
    await look(page, "login", {
      password: page.getByLabel("Password"),
      watch: page.getByRole("button", { name: "Watch" }),
    });
  });
});
