/// <reference lib="dom" />
import assert from "node:assert/strict";
import type { Page } from "playwright-core";
import { until } from "../support/until.ts";
import { sharedChromium } from "./browser.ts";
import { openStudio, watching } from "./studio_page.ts";
import { administer } from "../support/requests.ts";
import { sharedChannel } from "./test_channel.ts";

const browser = sharedChromium();
const program = sharedChannel("--resolution=480x270");

/** Returns a few of the preview's pixels as text, which is equal for equal pictures. */
function previewPixels(page: Page): Promise<string> {
  return page.evaluate(() => {
    const canvas = document.querySelector<HTMLCanvasElement>("#preview")!;
    const copy = new OffscreenCanvas(32, 24).getContext("2d", { willReadFrequently: true })!;
    copy.drawImage(canvas, 0, 0, 32, 24);
    return copy.getImageData(0, 0, 32, 24).data.join();
  });
}

Deno.test("studio takes the channel off air and on again without ending any viewer's connection", async () => {
  const viewer = await watching(browser, program);
  const { page, complaints } = await openStudio(browser, program);
  const onAir = page.getByRole("switch", { name: "On air" });
  assert.equal(await onAir.getAttribute("aria-checked"), "true");
  await page.getByText("On air", { exact: true }).first().waitFor();

  await onAir.click();
  await page.getByRole("switch", { name: "Off air" }).waitFor();
  await viewer.page.locator("html[data-on-air=false]").waitFor();
  await page.getByRole("dialog", { name: "Your broadcast" }).press("Escape");
  const before = await previewPixels(page);
  await until("the preview to go on", () => previewPixels(page), (pixels) => pixels !== before);

  await page.getByRole("switch", { name: "Off air" }).press("Space");
  await viewer.page.locator("html[data-on-air=true]").waitFor();
  await page.getByRole("switch", { name: "On air", checked: true }).waitFor();
  assert.deepEqual(viewer.streams, [], "the stream was not opened again");
  assert.deepEqual(viewer.sockets, [], "nor was the live connection");
  assert.deepEqual(complaints, []);
});

Deno.test("studio changes the title on every page by keyboard, and Escape reverts it", async () => {
  await administer(program, "title", { title: "Tea" });
  const viewer = await watching(browser, program);
  const { page, complaints } = await openStudio(browser, program);
  const title = page.getByLabel("Title");
  const save = page.locator("#title-save");
  await until("the title", () => title.inputValue(), (text) => text === "Tea");
  assert(await save.isDisabled());

  await title.fill("Never mind");
  assert(await save.isEnabled());
  await title.press("Escape");
  assert.equal(await title.inputValue(), "Tea");

  await title.fill("<b>Cake</b> & tea");
  await title.press("Enter");
  await viewer.page.getByRole("heading", { name: "<b>Cake</b> & tea", exact: true }).waitFor();
  await until("nothing to be saved", () => save.isDisabled(), (disabled) => disabled);
  await until(
    "the tab's title",
    () => page.title(),
    (text) => text === "Studio · <b>Cake</b> & tea",
  );
  assert.deepEqual(complaints, []);
});

Deno.test("studio switches between the sources found, and viewers see the new picture", async () => {
  const viewer = await watching(browser, program);
  const { page, complaints } = await openStudio(browser, program);
  const source = page.getByLabel("Source");
  const options = () => source.locator("option").allTextContents();
  const found = await until("the sources", options, (names) => names.length > 1);
  const test = found.find((name) => /test/i.test(name));
  assert(test, found.join());
  assert(await page.locator("#source-switch").isDisabled());
  // A viewer on a busy machine may get it at half size.
  const shapeShown = () =>
    viewer.page.evaluate(() => {
      const { width, height } = document.querySelector<HTMLCanvasElement>("#picture")!;
      return Math.round(100 * width / height);
    });
  await until("the clip", shapeShown, (shape) => shape === 133);

  await source.selectOption(test);
  await page.locator("#source-switch").click();
  await until("the test picture", shapeShown, (shape) => shape === 178);
  await page.getByText("480 × 270").waitFor();
  assert.equal(await source.inputValue(), "test");
  assert.deepEqual(viewer.streams, [], "on the same connection");
  assert.deepEqual(complaints, []);
});

Deno.test("studio shows a toast for a failed action, and keeps showing the actual state", async () => {
  const { page } = await openStudio(browser, program);
  await page.getByRole("switch", { name: "On air", checked: true }).waitFor();
  await page.route("**/admin/on-air", (route) => route.abort());
  await page.getByRole("switch", { name: "On air" }).click();
  await page.getByRole("alert").getByText("You are still on air: Can't reach the server")
    .waitFor();
  assert.equal(await page.getByRole("switch").getAttribute("aria-checked"), "true");
});

Deno.test("studio offers the share card as a download and copies the address", async () => {
  const { page, complaints } = await openStudio(browser, program, {
    permissions: ["clipboard-read", "clipboard-write"],
  });
  const card = page.getByRole("img", { name: /^Share card/ });
  const size = () => card.evaluate((image: HTMLImageElement) => image.naturalWidth);
  await until("the card", size, (width) => width === 1200);
  const downloading = page.waitForEvent("download");
  await page.getByRole("link", { name: "Download card" }).click();
  const download = await downloading;
  assert.equal(download.suggestedFilename(), "livestream.png");
  const bytes = await Deno.readFile(await download.path());
  assert.equal(new TextDecoder().decode(bytes.subarray(1, 4)), "PNG");

  const address = await page.getByLabel("Viewer link").inputValue();
  assert.match(address, /^http:\/\/[\d.]+:\d+\/$/);
  await page.getByRole("button", { name: "Copy" }).click();
  await page.getByRole("button", { name: "Copied" }).waitFor();
  assert.equal(await page.evaluate(() => navigator.clipboard.readText()), address);
  assert.deepEqual(complaints, []);
});
