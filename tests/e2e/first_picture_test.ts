/// <reference lib="dom" />
import assert from "node:assert/strict";
import { setTimeout as delay } from "node:timers/promises";
import { openPage, sharedChromium } from "./browser.ts";
import { sharedChannel } from "./test_channel.ts";
import { playing } from "./watch_page.ts";

const browser = sharedChromium();
const program = sharedChannel("--fps=30");

/** Ten times what a quiet machine takes, as other programs may use this one. Milliseconds. */
const PATIENCE_MS = 3000;

/** Marks when the first frame is on the screen. */
const MARK = `new MutationObserver((_, observer) => {
  if (document.documentElement?.dataset.player !== "playing") return;
  performance.mark("picture");
  observer.disconnect();
}).observe(document, { subtree: true, attributes: true, attributeFilter: ["data-player"] });`;

Deno.test("watch page shows its first picture soon after navigation", async () => {
  const times: number[] = [];
  for (let i = 0; i < 5; i++) {
    await using opened = await openPage(browser);
    const { page } = opened;
    await page.addInitScript(MARK);
    await page.goto(program.origin, { waitUntil: "commit" });
    await playing(page);
    times.push(await page.evaluate(() => performance.getEntriesByName("picture")[0].startTime));
  }
  const [best, , median] = times.toSorted((a, b) => a - b).map(Math.round);
  assert.ok(median < PATIENCE_MS, `median ${median} ms, best ${best} ms`);
});

Deno.test("watch page plays although what reads the stream could not be loaded at first", async () => {
  for (const file of ["stream_worker.js", "stream_reader.js"]) {
    const { page } = await openPage(browser);
    let requests = 0;
    // As when the device changes its network.
    await page.context().route(
      `**/js/${file}`,
      (route) => ++requests <= 2 ? route.abort("connectionreset") : route.continue(),
    );
    // The worker has failed long before the page listens to it.
    await page.route("**/js/picture.js", async (route) => {
      await delay(500);
      await route.continue();
    });
    await page.goto(program.origin, { waitUntil: "commit" });
    await playing(page);
    assert.equal(requests, 3);
  }
});
