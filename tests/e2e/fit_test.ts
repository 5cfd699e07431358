/// <reference lib="dom" />
import assert from "node:assert/strict";
import type { Page } from "playwright-core";
import { sharedChromium } from "./browser.ts";
import { sharedChannel } from "./test_channel.ts";
import { watchPlaying } from "./watch_page.ts";

const browser = sharedChromium();
const program = sharedChannel("--title=Friday night with a long title");

Deno.test("watch page fits common screens without scrolling", async () => {
  const { page } = await watchPlaying(browser, program);
  for (
    const [width, height] of [[1440, 900], [1280, 800], [1024, 768], [1366, 768], [1920, 1080]]
  ) {
    await page.setViewportSize({ width, height });
    for (const mode of ["Gaming", "Home"]) {
      await page.getByRole("button", { name: mode }).click();
      const whole = await page.evaluate(() => {
        const { scrollWidth, scrollHeight } = document.documentElement;
        return [scrollWidth, scrollHeight];
      });
      assert.deepEqual(whole, [width, height]);
      const picture = (await page.locator("#picture").boundingBox())!;
      assert(
        picture.height > height * 0.36,
        `${picture.height} px of picture at ${width}x${height}`,
      );
    }
  }
});

Deno.test("watch page shows title, viewers, Share and Donate on its side and at 200 % zoom", async () => {
  const { page } = await watchPlaying(browser, program);
  for (const [width, height] of [[844, 390], [720, 450], [640, 400], [667, 375]]) {
    await page.setViewportSize({ width, height });
    for (const id of ["title", "meta-viewers", "share", "donate"]) {
      const box = await page.locator(`#${id}`).boundingBox();
      assert(
        box && box.x >= 0 && box.y >= 0 && box.x + box.width <= width &&
          box.y + box.height <= height,
        `${id} at ${width}x${height}: ${JSON.stringify(box)}`,
      );
      const { x, y } = { x: box.x + box.width / 2, y: box.y + box.height / 2 };
      const isOnTop = await page.evaluate(
        ([id, x, y]) => document.elementFromPoint(+x, +y)?.closest(`#${id}`) !== null,
        [id, x, y],
      );
      assert(isOnTop, `nothing lies over ${id} at ${width}x${height}`);
    }
    await page.locator("#share").click();
    await page.getByRole("dialog").waitFor();
    await page.keyboard.press("Escape");
  }
});

/** Returns what lies over something else, or is wider than its button, outside the picture. */
function overlaps(page: Page): Promise<string[]> {
  return page.evaluate(() => {
    const selector = "button, h1, h2, legend, input, textarea, .meta, .reason, .now, .given, .note";
    const shown = [...document.querySelectorAll<HTMLElement>(selector)].flatMap((element) => {
      const box = element.getBoundingClientRect();
      const isOnPicture = element.closest(".screen") && !element.closest(".tools");
      const isTiny = box.width < 2 || box.height < 2;
      return isOnPicture || isTiny ||
          getComputedStyle(element.closest(".tools") ?? element).opacity === "0"
        ? []
        : [{ element, box, name: element.id || element.textContent?.trim() }];
    });
    const found = shown.filter(({ element }) =>
      element.matches("button") && element.scrollWidth > element.clientWidth + 1
    ).map(({ name }) => `${name} is wider than its button`);
    for (const [i, { element, box, name }] of shown.entries()) {
      for (const other of shown.slice(i + 1)) {
        if (element.contains(other.element)) continue;
        const across = Math.min(box.right, other.box.right) - Math.max(box.left, other.box.left);
        const down = Math.min(box.bottom, other.box.bottom) - Math.max(box.top, other.box.top);
        if (across > 1 && down > 1) found.push(`${name} lies over ${other.name}`);
      }
    }
    return found;
  });
}

Deno.test("watch page lets nothing overlap at any width from 320 to 1600 px", async () => {
  const { page } = await watchPlaying(browser, program);
  const wrong: string[] = [];
  for (let width = 320; width <= 1600; width += 8) {
    await page.setViewportSize({ width, height: 800 });
    for (const what of await overlaps(page)) wrong.push(`${width}: ${what}`);
    const wide = await page.evaluate(() => document.documentElement.scrollWidth);
    if (wide > width) wrong.push(`${width}: the page is ${wide} wide`);
  }
  assert.deepEqual(wrong, []);
});
