/// <reference lib="dom" />
import assert from "node:assert/strict";
import type { Page } from "playwright-core";
import { LiveClient } from "../support/live_client.ts";
import { violations, violationsInEachLook } from "./axe.ts";
import { openPage, sharedChromium } from "./browser.ts";
import { inEachLook } from "./looks.ts";
import { screenshotPath } from "./screenshots.ts";
import { openStudio, watching } from "./studio_page.ts";
import { ADMIN_TOKEN } from "../support/requests.ts";
import { sharedChannel, startChannel } from "./test_channel.ts";
import { playing, watch } from "./watch_page.ts";

const browser = sharedChromium();
const program = sharedChannel();

/** What the studio shows only after the server has sent the channel's state. */
const FACTS = ["On air", "Off air", "Nobody is watching yet", "No messages yet", "Nobody"];

async function assertNotConnected(page: Page): Promise<void> {
  await page.getByRole("status").getByText("Disconnected from the server. Reconnecting…").waitFor();
  await page.getByText("Not connected", { exact: true }).waitFor();
  for (const fact of FACTS) {
    const shown = page.getByText(fact, { exact: true }).filter({ visible: true });
    assert.equal(await shown.count(), 0, fact);
  }
  assert.equal(await page.locator("#facts").isVisible(), false);
  assert.equal(await page.getByRole("switch").isVisible(), false);
}

/** Leaves a page without a connection to `/live`, be it a WebSocket or polling. */
async function refuseLive(page: Page): Promise<void> {
  await page.routeWebSocket(/\/live$/, (socket) => socket.close());
  await page.route(/\/live$/, (route) => route.abort());
}

const SIZES = {
  desktop: { width: 1440, height: 900 },
  phone: { width: 390, height: 844 },
} as const;

Deno.test("studio whose page socket is refused shows that it is disconnected, and nothing out of date", async () => {
  const { page } = await openPage(browser);
  await refuseLive(page);
  await page.goto(`${program.origin}/studio#${ADMIN_TOKEN}`);
  await page.locator("html[data-studio=open]").waitFor();
  await assertNotConnected(page);
  assert.deepEqual(await violationsInEachLook(page, SIZES), []);
  await inEachLook(page, SIZES, async (device, colorScheme) => {
    await assertNotConnected(page);
    const path = await screenshotPath(`studio_refused_${device}_${colorScheme}`);
    await page.screenshot({ path });
  });
});

Deno.test("studio that lost its server dims old values until it reconnects", async () => {
  const before = await startChannel();
  await watching(browser, before, "Ada");
  const { page } = await openStudio(browser, before, { viewport: SIZES.desktop });
  await page.getByRole("switch", { name: "On air" }).waitFor();
  await page.locator(".viewer-name").getByText("Ada").waitFor();
  await before[Symbol.asyncDispose]();
  await assertNotConnected(page);
  assert.deepEqual(await violations(page), []);
  await page.screenshot({ path: await screenshotPath("studio_lost") });
  await using _again = await startChannel(`--port=${before.port}`);
  await page.getByRole("switch", { name: "On air" }).waitFor();
  await page.getByText("Disconnected from the server").waitFor({ state: "hidden" });
});

Deno.test("studio connects even in a full house", async () => {
  await using full = await startChannel("--max-viewers=1");
  await using others = new AsyncDisposableStack();
  const open = async () =>
    others.use(await LiveClient.open(full, { cookie: `viewer=${crypto.randomUUID()}` }));
  // Two per viewer, and fifty more.
  for (let i = 0; i < 52; i++) await open();
  await assert.rejects(open());
  const { page, complaints } = await openStudio(browser, full);
  await page.getByRole("switch", { name: "On air" }).waitFor();
  await page.getByText("Nobody is watching yet").waitFor();
  assert.deepEqual(complaints, []);
});

Deno.test("watch page whose page socket is refused plays on, and shows nothing out of date", async () => {
  const { page } = await openPage(browser);
  await refuseLive(page);
  await page.goto(program.origin, { waitUntil: "commit" });
  await playing(page);
  await page.getByText("Chat is not connected, trying again").waitFor();
  for (const fact of ["#viewers", "#meta-viewers", ".badge", ".chat-empty"]) {
    assert.equal(await page.locator(fact).isVisible(), false, fact);
  }
  await page.screenshot({ path: await screenshotPath("watch_refused") });
  const { page: other } = await watch(browser, program);
  await other.locator("#meta-viewers").getByText("watching").waitFor();
  assert(await other.getByText("Chat is not connected").isHidden());
});
