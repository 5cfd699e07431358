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

Deno.test("off air, a new title and on air again appear without a reload while the chat continues", async () => {
  const { page, complaints } = await watchPlaying(browser, program);
  await administer(program, "on-air", { onAir: false });
  await page.locator("html[data-cover=off]").waitFor();
  assert(await page.getByText("the picture will return here by itself").first().isVisible());
  await page.screenshot({ path: await screenshotPath("off_air") });
  await say(page, "Still here", "Ada");
  await page.locator(".message[data-status=sent]").waitFor();
  await administer(program, "title", { title: "Tea & cake" });
  await page.getByRole("heading", { name: "Tea & cake" }).waitFor();
  assert.equal(await page.title(), "Tea & cake");
  await administer(program, "on-air", { onAir: true });
  await page.locator("html:not([data-cover])").waitFor();
  await playing(page);
  await page.getByText("Live", { exact: true }).waitFor();
  assert.deepEqual(complaints, []);
});

Deno.test("pause keeps the picture and frees the connection, and Back to live is live at once", async () => {
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
  await page.getByRole("button", { name: "Return to live" }).click();
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

Deno.test("kicked viewer sees why, and may rejoin", async () => {
  const { page } = await watchPlaying(browser, program);
  const idOf = async () => {
    const response = await fetch(`${program.origin}/admin/state`, {
      headers: { authorization: `Bearer ${ADMIN_TOKEN}` },
    });
    const { viewers } = await response.json();
    return viewers[0]?.id as string | undefined;
  };
  const id = await until("the stream", idOf, (id) => id !== undefined);
  await administer(program, "kick", { id });
  await page.locator("#cover").getByText("The streamer disconnected you").waitFor();
  await page.screenshot({ path: await screenshotPath("kicked") });
  await page.getByRole("button", { name: "Rejoin" }).click();
  await playing(page);
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
  const bytes = await Deno.readFile(await file.path());
  assert.deepEqual([...bytes.subarray(0, 2)], [0xff, 0xd8], "it is a JPEG");
  assert.deepEqual(complaints, []);
});
