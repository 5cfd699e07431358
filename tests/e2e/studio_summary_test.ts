/// <reference lib="dom" />
import assert from "node:assert/strict";
import { violations } from "./axe.ts";
import { sharedChromium } from "./browser.ts";
import { screenshotPath } from "./screenshots.ts";
import { openStudio, watching } from "./studio_page.ts";
import { sharedChannel } from "./test_channel.ts";

const browser = sharedChromium();
const program = sharedChannel();

Deno.test("studio sums the broadcast up when it goes off air, and downloads the chat", async () => {
  await watching(browser, program, "Ada");
  const { page, complaints } = await openStudio(browser, program);
  await page.getByRole("button", { name: "Summary" }).click();
  const soFar = page.getByRole("dialog", { name: "Your broadcast so far" });
  await soFar.waitFor();
  await page.keyboard.press("Escape");

  await page.getByRole("switch", { name: "On air" }).click();
  const dialog = page.getByRole("dialog", { name: "Your broadcast", exact: true });
  await dialog.waitFor();
  const facts = await dialog.locator("dl").innerText();
  assert.match(facts, /On air for\s+0:\d\d/);
  assert.match(facts, /Most viewers\s+1\s+Viewers on average\s+[\d.]+\s/);
  assert.match(facts, /Chat messages\s+1\s/);
  assert.match(facts, /Donations\s+0\s/);
  assert.match(facts, /Sent to viewers\s+[\d.]+ [kM]B/);
  assert.deepEqual(await violations(page, "dialog[open]"), []);
  await page.screenshot({ path: await screenshotPath("studio_summary") });

  const downloading = page.waitForEvent("download");
  await dialog.getByRole("button", { name: "Download the chat" }).click();
  const download = await downloading;
  assert.match(download.suggestedFilename(), /^chat_\d{4}-\d\d-\d\d\.txt$/);
  const text = await Deno.readTextFile(await download.path());
  assert.match(text, /^\d{4}-\d\d-\d\d \d\d:\d\d Ada: Ada is here\n$/);
  await dialog.getByRole("button", { name: "Close" }).click();
  await page.getByRole("switch", { name: "Off air" }).click();
  await page.getByRole("switch", { name: "On air" }).waitFor();
  assert(await dialog.isHidden(), "going on air sums nothing up");
  assert.match(program.output(), /"The broadcast is over","minutes":\d,"mostViewers":1,/);
  assert.deepEqual(complaints, []);
});

Deno.test("studio opens with the plots of the last ten minutes", async () => {
  const viewer = await watching(browser, program);
  // The server measures every two seconds.
  await viewer.page.waitForTimeout(5_000);
  const { page } = await openStudio(browser, program);
  await page.getByRole("heading", { name: "The last ten minutes" }).waitFor();
  await page.getByRole("img", { name: "Viewers: now 1, at most 1 in ten minutes" }).waitFor();
  const lineWidth = await page.locator("[data-plot=viewers] canvas").evaluate(
    async (canvas: HTMLCanvasElement) => {
      await new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve)));
      const { data, width } = canvas.getContext("2d")!.getImageData(
        0,
        0,
        canvas.width,
        canvas.height,
      );
      const columns = new Set<number>();
      for (let at = 2; at < data.length; at += 4) {
        if (data[at] - data[at - 1] > 60) columns.add(Math.floor(at / 4) % width);
      }
      return columns.size;
    },
  );
  // Five seconds of the 600 that 250 or more pixels show.
  assert(lineWidth >= 3, `${lineWidth} columns with a line`);
  await viewer.page.close();
});

Deno.test("studio opens on a phone by a QR code that is on the page while its dialog is open", async () => {
  const { page, complaints } = await openStudio(browser, program);
  await page.getByRole("button", { name: "Open the studio on your phone" }).click();
  const dialog = page.getByRole("dialog", { name: "Open the studio on your phone" });
  await dialog.getByText("Keep it private").waitFor();
  const code = page.locator("#phone-code");
  const isDrawn = await code.evaluate(async (image: HTMLImageElement) => {
    await image.decode();
    return image.naturalWidth > 0;
  });
  assert(isDrawn);
  assert.deepEqual(await violations(page, "dialog[open]"), []);
  await page.screenshot({ path: await screenshotPath("studio_phone_code") });
  await dialog.getByRole("button", { name: "Close" }).click();
  assert.equal(await code.getAttribute("src"), null);
  assert.deepEqual(complaints, []);
});

Deno.test("studio mutes with one press and offers to undo it", async () => {
  await watching(browser, program, "Bob");
  const { page, complaints } = await openStudio(browser, program);
  const message = page.getByRole("listitem").filter({ hasText: "Bob is here" });
  await message.getByRole("button", { name: /^Moderate / }).click();
  await message.getByRole("button", { name: "10 min", exact: true }).click();
  await page.getByText("Muted Bob for 10 minutes", { exact: true }).first().waitFor();
  assert.equal(await page.locator("#announcement").textContent(), "Muted Bob for 10 minutes");
  const bans = page.getByRole("list", { name: "Banned and muted" });
  await bans.getByText("Bob").waitFor();
  await page.screenshot({ path: await screenshotPath("studio_undo") });

  await page.getByRole("button", { name: "Undo" }).press("Enter");
  await bans.getByText("Bob").waitFor({ state: "hidden" });
  await page.getByRole("button", { name: "Undo" }).waitFor({ state: "hidden" });
  assert.deepEqual(complaints, []);
});

Deno.test("studio's supporters are in its menu, and their buttons take the focus", async () => {
  const { page } = await openStudio(browser, program, { viewport: { width: 390, height: 844 } });
  for (const name of ["Cleo", "Dora"]) {
    const response = await fetch(`${program.origin}/donate`, {
      method: "POST",
      headers: {
        "content-type": "application/json",
        cookie: `viewer=${crypto.randomUUID()}`,
      },
      body: JSON.stringify({ name, amount: 5 }),
    });
    await response.body?.cancel();
  }
  const remove = (name: string) =>
    page.getByRole("button", { name: `Remove ${name} from the supporters` });
  await remove("Dora").waitFor();
  await page.getByRole("link", { name: "Supporters" }).press("Enter");
  // The browser goes on from the part that the link leads to.
  await page.keyboard.press("Tab");
  const focused = () =>
    page.evaluate(() => document.activeElement?.getAttribute("aria-label") ?? "");
  const names = [await focused()];
  await page.keyboard.press("Tab");
  names.push(await focused());
  assert.deepEqual(names.sort(), [
    "Remove Cleo from the supporters",
    "Remove Dora from the supporters",
  ]);
});
