/// <reference lib="dom" />
import assert from "node:assert/strict";
import axe from "axe-core";
import type { Page } from "playwright-core";
import { moderate, openStudio, sayAs, startChannel, watching } from "./studio_support.ts";
import { administer, launchChromium, outputFolder, until } from "./support.ts";

/** Returns axe-core's violations on the page, one a line. */
async function violations(page: Page): Promise<string[]> {
  // Injected through the debugger, which the page's content policy does not block.
  await page.evaluate(axe.source);
  return await page.evaluate(async () => {
    const { axe } = globalThis as unknown as { axe: typeof import("axe-core") };
    const { passes, violations } = await axe.run();
    if (passes.length < 15) return [`only ${passes.length} rules were looked at`];
    return violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(" ")}`);
  });
}

for (const colorScheme of ["dark", "light"] as const) {
  Deno.test(`studio has no axe violations in ${colorScheme}: signing in, empty, busy, off air`, async () => {
    await using program = await startChannel("--title=Friday night");
    await using browser = await launchChromium();
    const viewport = { width: 1440, height: 900 };
    const asking = await browser.newPage({ colorScheme });
    await asking.goto(`${program.origin}/studio#wrong`);
    await asking.getByRole("alert").waitFor();
    assert.deepEqual(await violations(asking), [], "asking");

    const { page, complaints } = await openStudio(browser, program, { colorScheme, viewport });
    await page.getByText("Nobody is watching yet").waitFor();
    assert.deepEqual(await violations(page), [], "empty");

    const output = await outputFolder();
    const ada = await watching(browser, program, "Ada");
    await watching(browser, program, "Eve");
    await ada.page.evaluate(() => fetch("/donate", { method: "POST" }).then((it) => it.text()));
    await sayAs(ada.page, "Ada", "Hello everyone, what a picture!");
    await administer(program, "chat/blocked-words", { words: ["spam", "advert"] });
    await administer(program, "chat/slow-mode", { seconds: 5 });
    await page.getByText("Hello everyone").waitFor();
    await moderate(page, "Eve is here", "10 min");
    await page.getByText("muted, 10 minutes left").waitFor();
    await page.getByRole("button", { name: "Moderate Eve: Eve is here" }).click();
    await page.locator(".supporters").getByText("Ada").waitFor();
    await until(
      "Eve's delay",
      () => page.locator(".viewer-delay").allTextContents(),
      (texts) => texts.length === 2 && texts.every((text) => /s$/.test(text)),
    );
    await page.screenshot({ path: `${output}studio_${colorScheme}.png` });
    assert.deepEqual(await violations(page), [], "busy");
    await page.getByRole("button", { name: "Ban…" }).click();
    await page.getByRole("dialog").waitFor();
    assert.deepEqual(await violations(page), [], "asking whether to ban");
    await page.keyboard.press("Escape");

    await page.getByRole("switch", { name: "On air" }).click();
    await page.getByRole("switch", { name: "Off air" }).waitFor();
    assert.deepEqual(await violations(page), [], "off air");
    assert.deepEqual(complaints, []);
  });

  Deno.test(`studio fits a phone in ${colorScheme}, with thumb-sized targets`, async () => {
    await using program = await startChannel();
    await using browser = await launchChromium();
    await watching(browser, program, "A name as long as can be given");
    for (const width of [360, 390]) {
      const viewport = { width, height: 844 };
      const phone = { viewport, colorScheme, deviceScaleFactor: 2, isMobile: true, hasTouch: true };
      const { page, complaints } = await openStudio(browser, program, phone);
      await page.getByText("is here").waitFor();
      await page.getByRole("button", { name: /^Kick/ }).waitFor();
      await page.getByRole("button", { name: /^Moderate / }).click();
      assert.deepEqual(await violations(page), []);
      const wide = await page.evaluate(() => document.documentElement.scrollWidth);
      assert(wide <= width, `the page is ${wide} wide on a phone of ${width}`);
      for (
        const control of await page.locator("button:visible, input:visible, select:visible").all()
      ) {
        const box = await control.boundingBox();
        const what = await control.evaluate((it) => it.outerHTML.slice(0, 120));
        assert(box && box.height >= 32 && box.width >= 32, `${what} is small`);
        assert(box.x >= 0 && box.x + box.width <= width, `${what} is cut off`);
      }
      await page.screenshot({
        path: `${await outputFolder()}studio_phone_${width}_${colorScheme}.png`,
      });
      assert.deepEqual(complaints, []);
      await page.context().close();
    }
  });
}

Deno.test("studio works by keyboard alone, in reading order", async () => {
  await using program = await startChannel();
  await using browser = await launchChromium();
  const { page } = await openStudio(browser, program, { viewport: { width: 1440, height: 900 } });
  await page.getByLabel("Source").locator("option").nth(1).waitFor({ state: "attached" });
  await page.locator("#card-download[href]").waitFor();
  const focused = () =>
    page.evaluate(() => {
      const it = document.activeElement!;
      assertOutline(it);
      return it.id || it.textContent!.trim();
      function assertOutline(element: Element) {
        if (getComputedStyle(element).outlineStyle !== "solid") {
          throw new Error(element.outerHTML.slice(0, 80));
        }
      }
    });
  const order: string[] = [];
  for (let i = 0; i < 16; i++) {
    await page.keyboard.press("Tab");
    order.push(await focused());
  }
  assert.deepEqual(order, [
    "Skip to the On air switch",
    "Watch page (new tab)",
    "on-air",
    "title",
    "source",
    "source-refresh",
    "rotate",
    "flip",
    "controls-summary",
    "chat-scroller",
    "slow-mode",
    "word",
    "Block",
    "address",
    "copy",
    "card-download",
  ]);
});

Deno.test("studio animates nothing under prefers-reduced-motion", async () => {
  await using program = await startChannel();
  await using browser = await launchChromium();
  const { page } = await openStudio(browser, program, { reducedMotion: "reduce" });
  await page.getByRole("switch", { name: "On air", checked: true }).click();
  await page.getByRole("switch", { name: "Off air" }).waitFor();
  assert.equal(await page.evaluate(() => document.getAnimations().length), 0);
});
