import assert from "node:assert/strict";
import { sharedChromium } from "./browser.ts";
import { startChannel } from "./test_channel.ts";
import { playing, watch } from "./watch_page.ts";

const browser = sharedChromium();

Deno.test("Chromium can install the watch page, also behind a password and below a base path", async () => {
  await using program = await startChannel(
    "--password=open sesame",
    "--base-path=/cam/",
    "--title=Bird box",
  );
  const origin = `${program.origin}/cam/`;
  const { page, complaints } = await watch(browser, { ...program, origin });
  await page.getByLabel("Password").fill("open sesame");
  await page.getByRole("button", { name: "Watch" }).click({ noWaitAfter: true });
  await playing(page);
  const session = await page.context().newCDPSession(page);
  const { url, errors, data } = await session.send("Page.getAppManifest");
  assert.deepEqual([url, errors], [`${origin}manifest.webmanifest`, []]);
  const { name, icons } = JSON.parse(data!);
  assert.equal(name, "Bird box");
  for (const { src } of icons) {
    const icon = await page.request.get(new URL(src, url).href);
    assert.equal(icon.status(), 200, src);
  }
  const { installabilityErrors } = await session.send("Page.getInstallabilityErrors");
  // A private window, as tests open, cannot install anything.
  const found = installabilityErrors.map(({ errorId }) => errorId);
  assert.deepEqual(found.filter((error) => error !== "in-incognito"), []);
  const wrong = complaints.filter((complaint) => !complaint.includes("401"));
  assert.deepEqual(wrong, []);
});
