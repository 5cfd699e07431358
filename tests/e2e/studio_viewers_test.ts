/// <reference lib="dom" />
import assert from "node:assert/strict";
import { until } from "../support/until.ts";
import { sharedChromium } from "./browser.ts";
import { openStudio, watching } from "./studio_page.ts";
import { startChannel } from "./test_channel.ts";

const browser = sharedChromium();

Deno.test("studio lists viewers, keeps their rows stable, and can remove one", async () => {
  await using program = await startChannel();
  const { page, complaints } = await openStudio(browser, program);
  await page.getByText("Nobody is watching yet").waitFor();

  const ada = await watching(browser, program, "Ada");
  const bob = await watching(browser, program, "Bob");
  const rows = page.locator("#viewer-rows [role=row]");
  const names = () => rows.locator(".viewer-name").allTextContents();
  await until("two rows", names, (shown) => shown.join() === "Ada,Bob");
  const bobRow = rows.filter({ hasText: "Bob" });
  assert.match(await bobRow.textContent() ?? "", /Chrome on Linux/);
  const known = /\d+ fps[\d.]+ .bit\/s\s+(\d+ ms|\d\.\d s)\s+–\s+\d+:\d\d/;
  await until("what Bob is given", () => bobRow.textContent(), (text) => known.test(text ?? ""));

  const button = page.getByRole("button", { name: /^Kick Bob/ });
  await button.focus();
  const since = await bobRow.locator(".viewer-since").textContent();
  await until(
    "another second",
    () => bobRow.locator(".viewer-since").textContent(),
    (text) => text !== since,
  );
  const focused = () => page.evaluate(() => document.activeElement?.getAttribute("aria-label"));
  assert.match(await focused() ?? "", /^Kick Bob/, "the focus stays while rows change");

  await page.keyboard.press("Enter");
  await until("one row", names, (shown) => shown.join() === "Ada");
  const focusedId = await page.evaluate(() => document.activeElement?.id);
  assert.equal(focusedId, "viewers-heading", "the focus stays where the row was");
  await bob.page.getByText("The streamer disconnected you").first().waitFor();
  assert.deepEqual(ada.streams, [], "the other's stream goes on");
  assert.deepEqual(complaints, []);
});

Deno.test("studio's plots have text alternatives with the current value and the maximum of ten minutes", async () => {
  await using program = await startChannel();
  const { page, complaints } = await openStudio(browser, program);
  await page.getByRole("img", { name: "Viewers: now 0, at most 0 in ten minutes" }).waitFor();
  const viewer = await watching(browser, program);
  await page.getByRole("img", { name: "Viewers: now 1, at most 1 in ten minutes" }).waitFor();
  await page.getByRole("img", { name: /^Bandwidth: now [\d.]+ .bit\/s/ }).waitFor();
  await page.getByRole("img", { name: /^Delay: now \d+ ms/ }).waitFor();
  await viewer.page.close();
  await page.getByRole("img", { name: "Viewers: now 0, at most 1 in ten minutes" }).waitFor();
  const drawn = await page.locator("[data-plot=viewers] canvas").evaluate(
    (canvas: HTMLCanvasElement) => {
      const { data } = canvas.getContext("2d")!.getImageData(0, 0, canvas.width, canvas.height);
      // The accent of the dark theme has more blue than green; axes and labels are grey.
      return data.filter((_, at) => at % 4 === 2 && data[at] - data[at - 1] > 60).length;
    },
  );
  assert(drawn > 10, `${drawn} pixels of a line`);
  assert.deepEqual(complaints, []);
});
