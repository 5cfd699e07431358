/// <reference lib="dom" />
import assert from "node:assert/strict";
import { until } from "../support/until.ts";
import { sharedChromium } from "./browser.ts";
import { screenshotPath } from "./screenshots.ts";
import { stateOf } from "../support/requests.ts";
import { startChannel } from "./test_channel.ts";
import { chatOf, playing, say, watch, watchPlaying } from "./watch_page.ts";

const browser = sharedChromium();

Deno.test("donation thanks its donor, appears on every screen, and survives a reload", async () => {
  const url = "https://pay.example/streamer";
  await using program = await startChannel(`--donate-url=${url}`);
  const ada = await watch(browser, program);
  const eve = await watchPlaying(browser, program);
  await playing(eve.page);
  await say(ada.page, "Before", "Ada");

  await ada.page.getByRole("button", { name: "Donate" }).click();
  const dialog = ada.page.getByRole("dialog", { name: "Donate" });
  assert.equal(
    await dialog.getByRole("link", { name: "payment page" }).getAttribute("href"),
    url,
  );
  await dialog.getByRole("button", { name: "10" }).click();
  await dialog.getByRole("textbox", { name: "Message" }).fill("For <b>birdseed</b>");
  await dialog.getByRole("button", { name: "Donate" }).click();

  const success = ada.page.getByRole("button", { name: "Donate Success!!" });
  await success.waitFor();
  for (const { page } of [ada, eve]) {
    const celebration = page.locator("#celebration");
    await celebration.getByText("♥ Ada donated 10", { exact: true }).waitFor();
    await celebration.getByText("For <b>birdseed</b>", { exact: true }).waitFor();
  }
  await eve.page.screenshot({ path: await screenshotPath("celebration") });
  await ada.page.getByText(/Priority \d:\d\d/).waitFor();
  await success.waitFor({ state: "detached" });
  await ada.page.getByRole("button", { name: "Donate", exact: true }).waitFor();

  await say(ada.page, "After");
  await until("After", () => chatOf(eve.page), (chat) => chat.length === 3);
  const hearts = await eve.page.locator(".message .message-heart").evaluateAll((hearts) =>
    hearts.map((heart) => getComputedStyle(heart).display !== "none")
  );
  assert.deepEqual(hearts, [true, true, true], "whatever a donor wrote has a heart");
  await eve.page.getByRole("button", { name: "1 supporter" }).click();
  const supporters = eve.page.getByRole("dialog", { name: "Supporters" });
  assert.match(await supporters.locator("#supporters").innerText(), /^1\s+Ada\s+10$/);
  assert.deepEqual([...ada.complaints, ...eve.complaints], []);
});

Deno.test("donation counts once, however often the button is pressed or the response is lost", async () => {
  await using program = await startChannel();
  const { page } = await watchPlaying(browser, program);
  let lost = 0;
  await page.route("**/donate", async (route) => {
    await route.fetch();
    if (lost++ === 0) await route.abort();
    else await route.continue();
  });
  await page.getByRole("button", { name: "Donate" }).click();
  const submit = page.getByRole("dialog").getByRole("button", { name: "Donate" });
  await submit.dblclick();
  await page.getByText(/Not sent: Can't reach the server/).waitFor();
  await submit.click();
  await page.getByRole("button", { name: "Donate Success!!" }).waitFor();
  assert.equal((await stateOf(program)).donations, 1);
});
