/// <reference lib="dom" />
import assert from "node:assert/strict";
import type { Locator, Page } from "playwright-core";
import { sharedChromium } from "./browser.ts";
import { openStudio } from "./studio_page.ts";
import { sharedChannel } from "./test_channel.ts";
import { watchPlaying } from "./watch_page.ts";

const browser = sharedChromium();
const program = sharedChannel();

const FORCED = { forcedColors: "active", reducedMotion: "reduce" } as const;

const style = (locator: Locator, property: string) =>
  locator.evaluate((it, property) => getComputedStyle(it).getPropertyValue(property), property);

/** Returns system colours as the page computes them. */
async function systemColors(page: Page): Promise<Record<"Highlight" | "Canvas", string>> {
  return await page.evaluate(() => {
    const probe = document.body.appendChild(document.createElement("i"));
    probe.style.setProperty("forced-color-adjust", "none");
    const colorOf = (name: string) => {
      probe.style.backgroundColor = name;
      return getComputedStyle(probe).backgroundColor;
    };
    const colors = { Highlight: colorOf("Highlight"), Canvas: colorOf("Canvas") };
    probe.remove();
    return colors;
  });
}

for (const colorScheme of ["dark", "light"] as const) {
  Deno.test(`watch page in ${colorScheme} high contrast shows what is selected, edges, meter and focus`, async () => {
    const { page } = await watchPlaying(browser, program, { ...FORCED, colorScheme });
    const { Highlight } = await systemColors(page);
    for (const id of ["home", "high", "none"]) {
      const button = page.locator(`#settings button[value=${id}]`);
      assert.equal(await style(button, "background-color"), Highlight, `${id} is selected`);
      assert.equal(await style(button, "border-top-style"), "solid");
    }
    for (const id of ["gaming", "low", "sepia"]) {
      const button = page.locator(`#settings button[value=${id}]`);
      assert.notEqual(await style(button, "background-color"), Highlight, `${id} is not selected`);
      assert.equal(await style(button, "border-top-style"), "solid");
    }
    await page.keyboard.press("t");
    await page.locator("#show-statistics[aria-pressed=true]").waitFor();
    assert.equal(await style(page.locator("#show-statistics"), "background-color"), Highlight);

    const [bar, track] = [page.locator(".now-bar").first(), page.locator(".now-track").first()];
    await page.locator(".now").first().waitFor();
    assert.equal(await style(bar, "background-color"), Highlight);
    assert.equal(await style(track, "border-top-width"), "1px");
    await page.keyboard.press("Tab");
    await page.keyboard.press("Tab");
    assert.equal(await style(page.locator(":focus"), "outline-style"), "solid");
  });

  Deno.test(`studio in ${colorScheme} high contrast shows whether it is on air`, async () => {
    const { page } = await openStudio(browser, program, { ...FORCED, colorScheme });
    const { Highlight, Canvas } = await systemColors(page);
    const on = page.getByRole("switch", { name: "On air" });
    await on.waitFor();
    const knob = page.locator(".on-air-knob");
    const place = async () => (await knob.boundingBox())!.x;
    const whereOn = await place();
    assert.equal(await style(on, "background-color"), Highlight);
    assert.notEqual(await style(knob, "background-color"), Highlight);
    assert.equal(await style(page.locator("#channel-status"), "background-color"), Highlight);
    await on.click();
    const off = page.getByRole("switch", { name: "Off air" });
    await off.waitFor();
    assert.notEqual(await style(off, "background-color"), Highlight);
    assert.notEqual(await style(knob, "background-color"), Canvas);
    assert.equal(await style(page.locator(".on-air-track"), "border-top-style"), "solid");
    assert(await place() < whereOn);
    await page.getByRole("dialog", { name: "Your broadcast" }).waitFor();
    await page.keyboard.press("Escape");
    await off.click();
    await on.waitFor();
  });
}
