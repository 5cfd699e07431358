/// <reference lib="dom" />
import assert from "node:assert/strict";
import { movingClip } from "../support/clips.ts";
import { startProgram } from "../support/program.ts";
import {
  chartClip,
  launchChromium,
  outputFolder,
  playing,
  stateOf,
  until,
  watch,
} from "./support.ts";

Deno.test("without JavaScript the picture shows and the forms work", async () => {
  await using program = await startProgram(["--source", await chartClip()]);
  await using browser = await launchChromium();
  const { page, complaints } = await watch(browser, program, { javaScriptEnabled: false });
  const viewers = async () => (await stateOf(program)).viewers;
  await until("the image to receive", viewers, (count) => count === 1);
  const box = await page.locator("noscript img").boundingBox();
  assert(box && box.width > 300 && box.height > 150, JSON.stringify(box));

  const press = async (name: string) => {
    const button = page.getByRole("button", { name, exact: true });
    await button.click({ noWaitAfter: true });
    return page.getByRole("button", { name, exact: true, pressed: true }).waitFor();
  };
  await press("Low");
  await press("Sepia");
  await press("Gaming");
  assert(await page.getByRole("button", { name: "Low", exact: true }).isDisabled());
  await page.getByRole("button", { name: "Donate" }).click({ noWaitAfter: true });
  await page.getByRole("button", { name: "Donate Success!!" }).waitFor();
  assert.equal((await stateOf(program)).donations, 1);
  assert.deepEqual(complaints, []);
});

Deno.test("with JavaScript the image of those without does not load", async () => {
  await using program = await startProgram(["--source", await chartClip()]);
  await using browser = await launchChromium();
  const { page } = await watch(browser, program);
  await playing(page);
  assert.equal((await stateOf(program)).viewers, 1);
  assert.equal(await page.locator("img:visible").count(), 1, "only the mark of the page");
});

Deno.test("fits a phone, in dark and in light", async () => {
  await using program = await startProgram(["--source", (await movingClip()).path]);
  await using browser = await launchChromium();
  const output = await outputFolder();
  for (const colorScheme of ["dark", "light"] as const) {
    for (const width of [320, 390]) {
      const viewport = { width, height: 844 };
      const phone = { viewport, colorScheme, deviceScaleFactor: 2, isMobile: true, hasTouch: true };
      const { page, complaints } = await watch(browser, program, phone);
      await playing(page);
      await page.screenshot({ path: `${output}phone_${width}_${colorScheme}.png` });
      const wide = await page.evaluate(() => document.documentElement.scrollWidth);
      assert(wide <= width, `the page is ${wide} wide on a phone of ${width}`);
      for (const button of await page.getByRole("button").all()) {
        const box = await button.boundingBox();
        assert(
          box && box.height >= 44 && box.width >= 44,
          `${await button.textContent()} is small`,
        );
      }
      assert.deepEqual(complaints, []);
      await page.context().close();
    }
  }
});

Deno.test("is operated by keyboard alone", async () => {
  await using program = await startProgram(["--source", await chartClip()]);
  await using browser = await launchChromium();
  const { page } = await watch(browser, program);
  await playing(page);
  const focused = () => page.evaluate(() => document.activeElement?.textContent?.trim());

  await page.keyboard.press("Tab");
  assert.equal(await focused(), "Skip to the controls");
  assert(await page.getByRole("link", { name: "Skip to the controls" }).isVisible());
  await page.keyboard.press("Enter");
  const order = ["Home", "Gaming", "High", "Medium", "Low"];
  for (const name of order) {
    await page.keyboard.press("Tab");
    assert.equal(await focused(), name);
    const outline = await page.evaluate(() =>
      getComputedStyle(document.activeElement!).outlineStyle
    );
    assert.equal(outline, "solid", `${name} shows that it has the focus`);
  }
  await page.keyboard.press("Enter");
  await page.locator("button[value=low][aria-pressed=true]").waitFor();
  await page.keyboard.press("Shift+Tab");
  await page.keyboard.press("Space");
  await page.locator("button[value=medium][aria-pressed=true]").waitFor();
  await page.getByRole("button", { name: "Donate" }).focus();
  await page.keyboard.press("Space");
  await page.getByRole("button", { name: "Donate Success!!" }).waitFor();
});

Deno.test("every control has a role and a name, and the page a language, title and landmarks", async () => {
  await using program = await startProgram(["--source", await chartClip()]);
  await using browser = await launchChromium();
  const { page } = await watch(browser, program);
  await playing(page);
  const session = await page.context().newCDPSession(page);
  const { nodes } = await session.send("Accessibility.getFullAXTree");
  const named = (role: string) =>
    nodes.filter((node) => !node.ignored && node.role?.value === role)
      .map((node) => String(node.name?.value ?? "").trim());
  const counts = {
    button: 16,
    link: 1,
    meter: 1,
    main: 1,
    banner: 1,
    complementary: 1,
    heading: 1,
  };
  for (const [role, count] of Object.entries(counts)) assert.equal(named(role).length, count, role);
  for (const role of ["button", "link", "meter", "group", "heading", "image", "complementary"]) {
    for (const name of named(role)) assert.notEqual(name, "", `a ${role} has no name`);
  }
  assert.deepEqual(named("group"), ["Mode", "Quality", "Filter"]);
  assert.equal(await page.getAttribute("html", "lang"), "en");
  assert.notEqual(await page.title(), "");
});

Deno.test("moves nothing for those who want no motion", async () => {
  await using program = await startProgram(["--source", await chartClip()]);
  await using browser = await launchChromium();
  const { page } = await watch(browser, program, { reducedMotion: "reduce" });
  await playing(page);
  await page.getByRole("button", { name: "Donate" }).click();
  await page.getByRole("button", { name: "Donate Success!!" }).waitFor();
  assert.equal(await page.evaluate(() => document.getAnimations().length), 0);
});
