/// <reference lib="dom" />
import assert from "node:assert/strict";
import axe from "axe-core";
import type { Page } from "playwright-core";
import { LiveClient } from "../support/live_client.ts";
import { openStudio, startChannel, watching } from "./studio_support.ts";
import { ADMIN_TOKEN, launchChromium, outputFolder, violations, watch } from "./support.ts";

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
  await page.evaluate(axe.source);
  assert.deepEqual(await violations(page, "html"), []);
}

const SIZES = {
  desktop: { width: 1440, height: 900 },
  phone: { width: 390, height: 844 },
} as const;

Deno.test("studio whose page socket is refused shows that it is disconnected, and nothing out of date", async () => {
  await using program = await startChannel();
  await using browser = await launchChromium();
  const output = await outputFolder();
  for (const colorScheme of ["dark", "light"] as const) {
    for (const [size, viewport] of Object.entries(SIZES)) {
      const context = await browser.newContext({ colorScheme, viewport });
      const page = await context.newPage();
      await page.routeWebSocket(/\/live$/, (socket) => socket.close());
      await page.goto(`${program.origin}/studio#${ADMIN_TOKEN}`);
      await page.locator("html[data-studio=open]").waitFor();
      await assertNotConnected(page);
      await page.screenshot({ path: `${output}studio_refused_${size}_${colorScheme}.png` });
      await context.close();
    }
  }
});

Deno.test("studio that lost its server dims old values until it reconnects", async () => {
  const program = await startChannel();
  await using browser = await launchChromium();
  await watching(browser, program, "Ada");
  const { page } = await openStudio(browser, program, { viewport: SIZES.desktop });
  await page.getByRole("switch", { name: "On air" }).waitFor();
  await page.locator(".viewer-name").getByText("Ada").waitFor();
  await program[Symbol.asyncDispose]();
  await assertNotConnected(page);
  await page.screenshot({ path: `${await outputFolder()}studio_lost.png` });
  await using _again = await startChannel(`--port=${program.port}`);
  await page.getByRole("switch", { name: "On air" }).waitFor();
  await page.getByText("Disconnected from the server").waitFor({ state: "hidden" });
});

Deno.test("studio connects even in a full house", async () => {
  await using program = await startChannel("--max-viewers=1");
  await using others = new AsyncDisposableStack();
  const open = async () =>
    others.use(await LiveClient.open(program, { cookie: `viewer=${crypto.randomUUID()}` }));
  // Two per viewer, and fifty more.
  for (let i = 0; i < 52; i++) await open();
  await assert.rejects(open());
  await using browser = await launchChromium();
  const { page, complaints } = await openStudio(browser, program);
  await page.getByRole("switch", { name: "On air" }).waitFor();
  await page.getByText("Nobody is watching yet").waitFor();
  assert.deepEqual(complaints, []);
});

Deno.test("watch page whose page socket is refused plays on, and shows nothing out of date", async () => {
  await using program = await startChannel();
  await using browser = await launchChromium();
  const context = await browser.newContext();
  const page = await context.newPage();
  await page.routeWebSocket(/\/live$/, (socket) => socket.close());
  await page.goto(program.origin, { waitUntil: "commit" });
  await page.locator("html[data-player=playing]").waitFor();
  await page.getByText("The chat is disconnected. Reconnecting…").waitFor();
  for (const fact of ["#viewers", "#meta-viewers", ".badge", ".chat-empty"]) {
    assert.equal(await page.locator(fact).isVisible(), false, fact);
  }
  await page.screenshot({ path: `${await outputFolder()}watch_refused.png` });
  const { page: other } = await watch(browser, program);
  await other.locator("#meta-viewers").getByText("watching").waitFor();
  assert(await other.getByText("The chat is disconnected").isHidden());
});
