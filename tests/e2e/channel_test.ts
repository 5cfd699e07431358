/// <reference lib="dom" />
import assert from "node:assert/strict";
import { until } from "../support/until.ts";
import { sharedChromium } from "./browser.ts";
import { screenshotPath } from "./screenshots.ts";
import { ADMIN_TOKEN, administer, stateOf } from "../support/requests.ts";
import { sharedChannel, startChannel } from "./test_channel.ts";
import { playing, say, watch, watchPlaying } from "./watch_page.ts";

const browser = sharedChromium();
const program = sharedChannel();

/** Kicks the viewer whose stream is open. */
async function kick(): Promise<void> {
  const idOf = async () => {
    const response = await fetch(`${program.origin}/admin/state`, {
      headers: { authorization: `Bearer ${ADMIN_TOKEN}` },
    });
    const { viewers } = await response.json();
    return viewers[0]?.id as string | undefined;
  };
  const id = await until("the stream", idOf, (id) => id !== undefined);
  await administer(program, "kick", { id });
}

Deno.test("off air, a new title and on air again appear without a reload while the chat continues", async () => {
  const { page, complaints } = await watchPlaying(browser, program);
  await administer(program, "on-air", { onAir: false });
  await page.locator("html[data-cover=off]").waitFor();
  assert(await page.getByText("the picture will return here by itself").first().isVisible());
  const uptime = page.locator("#uptime");
  assert.equal(await uptime.textContent(), "Off air");
  await page.screenshot({ path: await screenshotPath("off_air") });
  await say(page, "Still here", "Ada");
  await page.locator(".message[data-status=sent]").waitFor();
  await administer(program, "title", { title: "Tea & cake" });
  await page.getByRole("heading", { name: "Tea & cake" }).waitFor();
  assert.equal(await page.title(), "Tea & cake");
  await administer(program, "on-air", { onAir: true });
  await page.locator("html:not([data-cover])").waitFor();
  await playing(page);
  await page.locator(".badge-live").waitFor();
  await until(
    "the time on air",
    () => uptime.textContent(),
    (text) => /^Live for 0:0\d$/.test(text!),
  );
  assert.deepEqual(complaints, []);
});

Deno.test("pause keeps the picture and frees the connection, and playing soon after is live", async () => {
  const { page } = await watchPlaying(browser, program);
  const connections = async () => (await stateOf(program)).stream.clients_stat;
  const colour = () =>
    page.locator("#picture").evaluate((canvas) => {
      const context = (canvas as HTMLCanvasElement).getContext("2d")!;
      return [...context.getImageData(40, 100, 1, 1).data];
    });
  await page.getByRole("button", { name: "Pause" }).click();
  await until("no stream", connections, (streams) => Object.keys(streams).length === 0);
  const [red, , blue] = await colour();
  assert(red > blue + 100, "the picture is still there");
  await page.locator("#pause").click();
  await playing(page);
  await until("a stream", connections, (streams) => Object.keys(streams).length === 1);
  assert(await page.locator("#cover").isHidden());
});

Deno.test("viewer count counts people, not tabs", async () => {
  const { page } = await watchPlaying(browser, program);
  const tab = await page.context().newPage();
  await tab.goto(program.origin);
  await playing(tab);
  const other = await watchPlaying(browser, program);
  const shown = () => page.locator("#viewers").textContent();
  await until("two people", shown, (count) => count === "2");
  await other.page.close();
  await until("one person", shown, (count) => count === "1");
  for (const paused of [page, tab]) await paused.getByRole("button", { name: "Pause" }).click();
  const streams = async () => (await stateOf(program)).stream.clients;
  await until("no stream", streams, (clients) => clients === 0);
  await page.waitForTimeout(600);
  assert.equal(await shown(), "1", "a paused viewer still counts");
});

Deno.test("a viewer beyond the limit sees why, and is let in as soon as there is room", async () => {
  await using small = await startChannel("--max-viewers=1");
  const first = await watchPlaying(browser, small);
  const second = await watch(browser, small);
  await second.page.locator("#cover").getByText("Full house").waitFor();
  await second.page.screenshot({ path: await screenshotPath("full") });
  await first.page.close();
  await playing(second.page);
  assert(await second.page.locator("#cover").isHidden());
});

Deno.test("kicked viewer sees why and for how long, and is still kept away after a reload", async () => {
  const { page } = await watchPlaying(browser, program);
  await kick();
  await page.locator("#cover").getByText("The streamer disconnected you").waitFor();
  await page.screenshot({ path: await screenshotPath("kicked") });
  const wait = page.locator("#cover").getByText(/^You can return in \d+ seconds\.$/);
  const first = await wait.textContent();
  await until("the countdown", () => wait.textContent(), (text) => text !== first);
  await page.reload();
  await wait.waitFor();
  assert.equal(await page.locator("html").getAttribute("data-cover"), "kicked");
});

Deno.test("kicked viewer cannot write, also in the chat's own window, and sees a ban at once", async () => {
  const { page } = await watchPlaying(browser, program);
  const chatPage = await page.context().newPage();
  await chatPage.goto(`${program.origin}/?chat`);
  await say(page, "1", "Mallory");
  const sent = page.locator(".message[data-status=sent]");
  await sent.filter({ hasText: "Mallory" }).first().waitFor();
  // Too many at once: the last ones wait.
  await page.getByRole("textbox", { name: "Message" }).evaluate((box: HTMLTextAreaElement) => {
    for (const text of ["2", "3", "4", "5"]) {
      box.value = text;
      box.form?.requestSubmit();
    }
  });
  await page.locator(".message[data-status=sending]").first().waitFor();
  await kick();
  await page.getByText("Your message was not sent").first().waitFor();
  assert.equal(await page.locator(".message[data-status=sending]").count(), 0);
  assert.match(await page.getByRole("textbox", { name: "Message" }).inputValue(), /5/);
  for (
    const { chat, reload } of [
      { chat: chatPage, reload: false },
      { chat: page, reload: false },
      { chat: page, reload: true },
    ]
  ) {
    if (reload) await chat.reload();
    const problem = chat.locator(".chat-problem");
    await problem.getByText("The streamer disconnected you").waitFor();
    await problem.getByText(/^You can return in \d+ seconds\.$/).waitFor();
    assert(await chat.getByRole("textbox", { name: "Message" }).isDisabled());
    assert(await chat.getByRole("button", { name: "Applause" }).isDisabled());
  }
  const { chat } = await (await fetch(`${program.origin}/chat`)).json();
  await administer(program, "chat/ban", { author: chat.at(-1).author });
  for (const each of [page, chatPage]) {
    await each.getByRole("heading", { name: "You have been banned from this stream" }).waitFor();
  }
});

Deno.test("the link and its QR code can be shared, and the snapshot saved", async () => {
  await administer(program, "title", { title: "Bird box" });
  const { page, complaints } = await watchPlaying(browser, program);
  await page.getByRole("button", { name: "Share" }).click();
  const dialog = page.getByRole("dialog", { name: "Share" });
  const address = await dialog.getByRole("textbox", { name: "Address" }).inputValue();
  assert.match(address, new RegExp(`^http://[^/]+:${program.port}/$`));
  const code = dialog.getByRole("img", { name: "QR code of the address" });
  const isLoaded = () => code.evaluate((image) => (image as HTMLImageElement).naturalWidth > 0);
  await until("the QR code", isLoaded, (loaded) => loaded);
  await page.keyboard.press("Escape");

  await page.locator("button[value=sepia]").click();
  await page.locator("button[value=sepia][aria-pressed=true]").waitFor();
  const download = page.waitForEvent("download");
  await page.keyboard.press("s");
  const file = await download;
  assert.match(file.suggestedFilename(), /^Bird_box_\d{4}-\d\d-\d\d_[\d.]{8}(_q\d+)?_sepia\.jpg$/);
  await page.getByText("Snapshot saved").waitFor();
  const flashes = () => page.evaluate(() => document.getAnimations().length);
  await page.emulateMedia({ reducedMotion: "reduce" });
  await until("the flash to be over", flashes, (count) => count === 0);
  const second = page.waitForEvent("download");
  await page.keyboard.press("s");
  await second;
  assert.equal(await flashes(), 0, "no flash for viewers who prefer reduced motion");
  await page.emulateMedia({ reducedMotion: "no-preference" });
  await page.evaluate(() => {
    const { animate } = Element.prototype;
    Element.prototype.animate = function (...given) {
      document.documentElement.dataset.flashed = "true";
      return animate.apply(this, given);
    };
  });
  await page.keyboard.press("s");
  await page.locator("html[data-flashed]").waitFor();
  const bytes = await Deno.readFile(await file.path());
  assert.deepEqual([...bytes.subarray(0, 2)], [0xff, 0xd8], "it is a JPEG");
  assert.deepEqual(complaints, []);
});
