/// <reference lib="dom" />
import assert from "node:assert/strict";
import type { Page } from "playwright-core";
import { until } from "../support/until.ts";
import { sharedChromium } from "./browser.ts";
import { openStudio, watching } from "./studio_page.ts";
import { startChannel } from "./test_channel.ts";

const browser = sharedChromium();

/** Aspect ratio of a canvas in percent. The size may be halved on a busy machine. */
function shapeOf(page: Page, canvas: string): Promise<number> {
  return page.locator(canvas).evaluate((canvas: HTMLCanvasElement) =>
    Math.round(100 * canvas.width / canvas.height)
  );
}

Deno.test("studio rotates the picture for everyone, and shows the rotation", async () => {
  await using program = await startChannel("--rotate=90");
  const viewer = await watching(browser, program);
  const { page, complaints } = await openStudio(browser, program);
  const rotate = page.getByLabel("Rotate clockwise");
  const flip = page.getByRole("checkbox", { name: "Mirror left to right" });
  const untilTurned = async (shape: number) => {
    for (const [page_, canvas] of [[page, "#preview"], [viewer.page, "#picture"]] as const) {
      await until(canvas, () => shapeOf(page_, canvas), (shown) => shown === shape);
    }
  };
  await until("the rotation of the start", () => rotate.inputValue(), (value) => value === "90");
  assert.equal(await flip.isChecked(), false);
  await untilTurned(75);
  // The whole picture is visible in portrait and landscape windows.
  for (const viewport of [{ width: 390, height: 844 }, { width: 1280, height: 720 }]) {
    await viewer.page.setViewportSize(viewport);
    const box = (await viewer.page.locator("#screen").boundingBox())!;
    assert(box.width <= viewport.width && box.height <= viewport.height, JSON.stringify(box));
  }

  await rotate.selectOption("180");
  await flip.check();
  await untilTurned(133);
  const second = await openStudio(browser, program);
  const shown = () => second.page.getByLabel("Rotate clockwise").inputValue();
  await until("the rotation in another studio", shown, (value) => value === "180");
  assert(await second.page.getByRole("checkbox", { name: "Mirror left to right" }).isChecked());

  await page.route("**/admin/picture", (route) => route.abort());
  await rotate.selectOption("270");
  await page.getByRole("alert").getByText("The picture was not turned: Can't reach the server")
    .waitFor();
  assert.equal(await rotate.inputValue(), "180");
  assert.deepEqual(viewer.streams, [], "the stream was not opened again");
  assert.deepEqual([...viewer.complaints, ...second.complaints], []);
  assert.deepEqual(complaints.filter((it) => !it.includes("ERR_FAILED")), []);
});
