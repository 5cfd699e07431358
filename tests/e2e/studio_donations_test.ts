/// <reference lib="dom" />
import assert from "node:assert/strict";
import { until } from "../support/until.ts";
import { violationsInEachLook } from "./axe.ts";
import { sharedChromium } from "./browser.ts";
import { screenshotPath } from "./screenshots.ts";
import { openStudio } from "./studio_page.ts";
import { startChannel } from "./test_channel.ts";
import { chatOf, say, watch, watchPlaying } from "./watch_page.ts";

const browser = sharedChromium();

const SIZES = { desktop: { width: 1280, height: 800 }, phone: { width: 390, height: 844 } };

Deno.test("a donation stays in the chat and reaches the streamer, who can take it away again", async () => {
  await using program = await startChannel("--currency=EUR");
  const studio = await openStudio(browser, program);
  const ada = await watch(browser, program);
  const eve = await watchPlaying(browser, program);
  await say(ada.page, "Before", "Ada");

  await studio.page.getByRole("textbox", { name: "Donation goal" }).fill("40");
  await studio.page.locator("#goal-form").getByRole("button", { name: "Save" }).click();
  await eve.page.getByText("Goal: €0 of €40", { exact: true }).waitFor();

  await ada.page.getByRole("button", { name: "Donate" }).click();
  const dialog = ada.page.getByRole("dialog", { name: "Donate" });
  await dialog.getByText("A donation is a thank-you: no money is charged.").waitFor();
  await dialog.getByRole("button", { name: "€20" }).click();
  await dialog.getByRole("textbox", { name: "Message" }).fill("=SUM(1), שלום");
  await dialog.getByRole("button", { name: "Donate" }).click();

  const alert = studio.page.locator(".gift-alert");
  await alert.getByText("♥ Ada donated €20", { exact: true }).waitFor();
  await alert.getByText("=SUM(1), שלום", { exact: true }).waitFor();
  await studio.page.screenshot({ path: await screenshotPath("studio-donation") });
  assert.deepEqual(await violationsInEachLook(studio.page, SIZES, "#gift-alerts"), []);
  await alert.getByRole("button", { name: "Close" }).click();
  await alert.waitFor({ state: "detached" });

  for (const { page } of [ada, eve]) {
    const line = page.locator("#messages .gift");
    await line.getByText("=SUM(1), שלום", { exact: true }).waitFor();
    assert.match(await line.innerText(), /Ada[^]*€20/);
    assert.equal(await line.getAttribute("data-tier"), "3");
    await page.getByText("Goal: €20 of €40", { exact: true }).waitFor();
    // What Ada wrote before has her heart, too.
    const before = page.locator("#messages .message").filter({ hasText: "Before" });
    await before.locator(".message-heart").waitFor();
  }
  await eve.page.locator("#celebration").waitFor({ state: "hidden" });
  await eve.page.reload();
  await eve.page.locator("#messages .gift").waitFor();

  await eve.page.getByRole("button", { name: "1 supporter" }).click();
  const supporters = eve.page.getByRole("dialog", { name: "Supporters" });
  const latest = supporters.getByRole("list").first();
  assert.match(await latest.innerText(), /Ada\s+€20[^]*=SUM\(1\), שלום/);
  await eve.page.screenshot({ path: await screenshotPath("supporters") });
  assert.deepEqual(await violationsInEachLook(eve.page, SIZES, "#supporters-dialog"), []);
  await eve.page.keyboard.press("Escape");

  const saved = studio.page.waitForEvent("download");
  await studio.page.getByRole("button", { name: "Export as CSV" }).click();
  const file = await (await saved).path();
  assert.match(await Deno.readTextFile(file), /,Ada,20,"'=SUM\(1\), שלום"\r\n$/);

  await studio.page.getByRole("button", { name: "Remove the donation of Ada" }).click();
  await studio.page.getByRole("dialog").getByRole("button", { name: "Remove" }).click();
  await eve.page.getByText("Goal: €0 of €40", { exact: true }).waitFor();
  await until("the line to go", () => chatOf(eve.page), (chat) => chat.length === 1);
  await eve.page.locator("#show-supporters").waitFor({ state: "hidden" });
  await studio.page.getByText("No donations yet", { exact: true }).waitFor();
  await eve.page.locator(".message .message-heart").waitFor({ state: "hidden" });
  assert.deepEqual([...studio.complaints, ...ada.complaints, ...eve.complaints], []);
});

Deno.test("thirty-nine donations count as thirty-nine", async () => {
  await using program = await startChannel();
  for (let i = 0; i < 39; i++) {
    const cookie = `viewer=${crypto.randomUUID()}`;
    const headers = { "content-type": "application/json", cookie };
    const body = JSON.stringify({ name: `Donor number ${i}`, amount: 1 });
    const answer = await fetch(`${program.origin}/donate`, { method: "POST", headers, body });
    assert.equal(answer.status, 200, await answer.text());
  }
  const { page } = await watch(browser, program);
  await page.getByRole("button", { name: "39 supporters" }).click();
  await page.getByRole("dialog").getByText("and 19 more", { exact: true }).waitFor();
});
