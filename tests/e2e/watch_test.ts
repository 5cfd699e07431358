/// <reference lib="dom" />
import assert from "node:assert/strict";
import { until } from "../support/until.ts";
import { openPage, sharedChromium } from "./browser.ts";
import { screenshotPath } from "./screenshots.ts";
import { stateOf } from "../support/requests.ts";
import { sharedChannel, startChannel } from "./test_channel.ts";
import { playing, setHidden, shownQuality, watchPlaying } from "./watch_page.ts";

const browser = sharedChromium();
const program = sharedChannel();

Deno.test("hidden tab stops receiving and resumes when shown again", async () => {
  const { page, complaints } = await watchPlaying(browser, program);
  const viewers = async () => (await stateOf(program)).stream.clients;

  await until("the viewer to be counted", viewers, (count) => count === 1);
  await setHidden(page, true);
  await until("the hidden tab to leave", viewers, (count) => count === 0);
  await setHidden(page, false);
  await until("the tab to be back", viewers, (count) => count === 1);
  await playing(page);
  assert.deepEqual(complaints, []);
});

Deno.test("page reconnects to a restarted server with the viewer's choices", async () => {
  const before = await startChannel();
  const { page } = await watchPlaying(browser, before);
  await page.getByRole("button", { name: "Low" }).click();
  await page.getByRole("button", { name: "Gray" }).click();
  await until("Low", () => shownQuality(page), (quality) => quality === 20);
  const settings = () => page.evaluate(() => fetch("/settings").then((answer) => answer.json()));
  const chosen = { mode: "home", quality: "low", filter: "grayscale" };
  // A choice that the server has not confirmed when it ends is taken back.
  await until("both choices", settings, (now) => JSON.stringify(now) === JSON.stringify(chosen));

  await before[Symbol.asyncDispose]();
  await page.locator("#cover").getByText("Reconnecting…").waitFor();
  assert(await page.getByRole("img", { name: /Live picture/ }).isVisible());

  await using after = await startChannel(`--port=${before.port}`);
  await playing(page);
  await until("one viewer", () => stateOf(after), ({ viewers }) => viewers === 1);
  await until("the choice", settings, (now) => JSON.stringify(now) === JSON.stringify(chosen));
  await until("Low to be back", () => shownQuality(page), (quality) => quality === 20);
  for (const name of ["Low", "Gray"]) {
    assert.equal(await page.getByRole("button", { name }).getAttribute("aria-pressed"), "true");
  }
});

Deno.test("page without a camera shows the standby card and the reason", async () => {
  // Nothing listens on port 1 of loopback.
  await using program = await startChannel("--source=http://127.0.0.1:1/stream");
  const { page, complaints } = await watchPlaying(browser, program);
  await page.getByText("Standby", { exact: true }).waitFor();
  assert(await page.locator(".badge-live").isHidden());
  assert.equal((await stateOf(program)).reason, "network-camera-unreachable");
  const cover = page.locator("#cover");
  await cover.getByText("The network camera cannot be reached. The picture will be back.")
    .waitFor();
  assert.doesNotMatch(await page.innerText("body"), /127\.0\.0\.1|Start the sender/);
  await page.screenshot({ path: await screenshotPath("standby") });
  assert.deepEqual(complaints, []);
});

Deno.test("choice in one tab appears in the viewer's other tab", async () => {
  const { page } = await watchPlaying(browser, program);
  const other = await page.context().newPage();
  await other.goto(program.origin);
  await other.getByRole("button", { name: "Medium" }).click();
  await page.locator("button[value=medium][aria-pressed=true]").waitFor();
  await until("Medium in both", () => shownQuality(page), (quality) => quality === 50);
});

Deno.test("refused choice is reverted with a reason", async () => {
  const { page } = await watchPlaying(browser, program);
  await page.evaluate(() => {
    for (const button of document.querySelectorAll("button")) {
      if (button.value === "low") button.value = "lowest";
    }
  });
  await page.getByRole("button", { name: "Low" }).click();
  const alert = page.getByRole("alert");
  await alert.waitFor();
  assert.match(await alert.textContent() ?? "", /^Your choice was not saved: .*high, medium, low/);
  const high = page.getByRole("button", { name: "High" });
  assert.equal(await high.getAttribute("aria-pressed"), "true");
});

Deno.test("browser that cannot decode in a worker gets an image, which also pauses and reconnects", async () => {
  const before = await startChannel();
  const { page } = await openPage(browser);
  await page.addInitScript(() => Reflect.deleteProperty(globalThis, "createImageBitmap"));
  await page.goto(before.origin, { waitUntil: "commit" });
  await playing(page);
  assert(await page.locator("#fallback").isVisible());
  assert(await page.locator("#picture").isHidden());
  await setHidden(page, true);
  await until(
    "the hidden tab to leave",
    () => stateOf(before),
    ({ stream }) => stream.clients === 0,
  );
  await setHidden(page, false);
  await until("the tab to be back", () => stateOf(before), ({ stream }) => stream.clients === 1);

  await before[Symbol.asyncDispose]();
  await page.locator("#cover").getByText("Reconnecting…").waitFor();
  await using after = await startChannel(`--port=${before.port}`);
  await until("the image to be back", () => stateOf(after), ({ viewers }) => viewers === 1);
  await playing(page);
});
