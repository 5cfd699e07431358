import assert from "node:assert/strict";
import type { ViewportSize } from "playwright-core";
import { newViewer } from "../support/test_server.ts";
import { violationsInEachLook } from "./axe.ts";
import { sharedChromium } from "./browser.ts";
import { administer } from "../support/requests.ts";
import { startChannel } from "./test_channel.ts";
import { say, watchPlaying } from "./watch_page.ts";

const browser = sharedChromium();

const PHONE = { phone: { width: 360, height: 740 } };
const SIZES: Readonly<Record<string, ViewportSize>> = {
  ...PHONE,
  desktop: { width: 1280, height: 800 },
};

Deno.test("watch page has no axe violations on a phone or a desktop, in dark or light mode", async (t) => {
  await using program = await startChannel();
  // Everything is done on the phone, where controls are harder to reach.
  const { page } = await watchPlaying(browser, program, { viewport: PHONE.phone });
  const step = (state: string, reach: () => Promise<unknown>, part = "html", sizes = SIZES) =>
    t.step(state, async () => {
      await reach();
      assert.deepEqual(await violationsInEachLook(page, sizes, part), []);
    });

  await step("chat, a message that was refused, statistics", async () => {
    for (const name of ["Ada", "Bo", "Cy"]) {
      const { cookie } = await newViewer({ get: (path) => fetch(program.origin + path) });
      const answer = await fetch(`${program.origin}/chat`, {
        method: "POST",
        headers: { "content-type": "application/json", cookie },
        body: JSON.stringify({ name, text: "Hello" }),
      });
      await answer.body?.cancel();
    }
    await say(page, "1", "Dee");
    for (const text of ["2", "3", "4"]) await say(page, text);
    await page.getByText("You are sending messages too fast").first().waitFor();
    await page.locator("#show-statistics").click();
  });
  await step("pinned message, reply, a message that names the viewer, moderation", async () => {
    await administer(program, "chat/post", { text: "@Dee see https://example.com/" });
    const { chat } = await (await fetch(`${program.origin}/chat`)).json();
    const { id } = chat.find(({ role }: { role?: string }) => role === "streamer");
    const { author } = chat.find(({ name }: { name: string }) => name === "Dee");
    await administer(program, "chat/pin", { id });
    await administer(program, "chat/appoint", { author });
    await page.locator("#pinned summary").click();
    await page.locator("html[data-moderates=true]").waitFor();
    const welcome = page.locator(".message[data-mention=true]");
    await welcome.locator(".message-reply").focus();
    await page.keyboard.press("Enter");
    await page.locator(".message").first().locator(".message-more").focus();
    await page.keyboard.press("Enter");
    await page.getByRole("group", { name: "Moderate Ada" }).waitFor();
  }, "#chat");
  await page.locator("#pinned summary").click();
  await step("emoji", () => page.locator("#show-emoji").click(), "#composer");
  await page.keyboard.press("Escape");
  await step("share", () => page.locator("#share").click(), "dialog[open]");
  await page.keyboard.press("Escape");
  await step("donate", () => page.locator("#donate").click(), "dialog[open]");
  // The examination may take longer than the celebration.
  await page.evaluate(() => {
    const { setTimeout } = globalThis;
    const later = (run: () => void, ms = 0) => setTimeout(run, ms === 4500 ? 60_000 : ms);
    Object.assign(globalThis, { setTimeout: later });
  });
  await step("a donation", async () => {
    await page.locator("#donate-submit").click();
    await page.getByText("♥ Dee donated").first().waitFor();
  }, ".about, .celebration, .chat-bar");
  assert.ok(await page.locator("#celebration").isVisible(), "it was checked while it was shown");
  await step("settings", () => page.locator("#open-settings").click(), "#settings", PHONE);
  await page.locator("#close-settings").click();
  await step("paused", () => page.locator("#pause").click(), ".screen");
  await step("off air", async () => {
    await administer(program, "on-air", { onAir: false });
    await page.locator("html[data-cover=off]").waitFor();
  });
});
