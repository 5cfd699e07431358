/// <reference lib="dom" />
import assert from "node:assert/strict";
import { freePort } from "../support/free_port.ts";
import { hasRtmpServer, startRtmpServer } from "../support/rtmp_server.ts";
import { violationsInEachLook } from "./axe.ts";
import { sharedChromium } from "./browser.ts";
import { inEachLook } from "./looks.ts";
import { screenshotPath } from "./screenshots.ts";
import { openStudio } from "./studio_page.ts";
import { startChannel } from "./test_channel.ts";

const browser = sharedChromium();

const SIZES = { desktop: { width: 1280, height: 800 }, phone: { width: 390, height: 844 } };

/** What must never be shown. */
const KEY = "s3cret-key";

Deno.test({
  name: "the streamer publishes to a server, sees how it goes, switches it and removes it",
  ignore: !await hasRtmpServer(),
  async fn() {
    await using server = await startRtmpServer();
    await using program = await startChannel();
    const { page, complaints } = await openStudio(browser, program);
    const panel = page.getByRole("region", { name: "Publishing" });
    await panel.getByText("Published nowhere yet", { exact: true }).waitFor();

    const address = panel.getByLabel("Address of a target");
    await address.fill(`ftp://127.0.0.1/${KEY}`);
    assert.equal(await address.getAttribute("type"), "password");
    await panel.getByRole("button", { name: "Show", exact: true }).click();
    assert.equal(await address.getAttribute("type"), "text");
    await panel.getByRole("button", { name: "Publish", exact: true }).click();
    await page.getByRole("alert").getByText("The target was not added: ").waitFor();
    assert.equal(await address.inputValue(), `ftp://127.0.0.1/${KEY}`);

    // Another that nobody answers at, all by keyboard.
    const silent = `127.0.0.1:${freePort()}`;
    await address.fill(`rtmp://${silent}/live/${KEY}`);
    await address.press("Enter");
    const lost = panel.getByRole("listitem").filter({ hasText: silent });
    await lost.getByText("Next try in ").waitFor();
    await lost.getByText("Nothing answers there").waitFor();
    assert.equal(await address.inputValue(), "");
    assert.equal(await address.getAttribute("type"), "password");
    assert.equal(await page.evaluate(() => document.activeElement?.id), "publish-address");

    await address.fill(server.url.replace("/cam", `/${KEY}`));
    await panel.getByRole("button", { name: "Publish", exact: true }).click();
    const name = new URL(server.url).host;
    const target = panel.getByRole("listitem").filter({ hasText: name });
    await target.getByText(/^Live for 0:0\d · [\d.]+ [kM]bit\/s$/).waitFor();
    const on = target.getByRole("checkbox", { name: /^Publish to / });
    assert(await on.isChecked());
    const shown = await page.evaluate(() => document.documentElement.outerHTML);
    assert(!shown.includes(KEY));
    assert(!(await program.output()).includes(KEY));

    assert.deepEqual(await violationsInEachLook(page, SIZES, "#publish"), []);
    await inEachLook(page, SIZES, async (device, scheme) => {
      const wide = await page.evaluate(() => document.documentElement.scrollWidth);
      assert(wide <= SIZES[device].width, `${wide} wide on a ${device}`);
      await panel.screenshot({ path: await screenshotPath(`studio_publish_${device}_${scheme}`) });
    });
    await page.screenshot({ path: await screenshotPath("studio_publish"), fullPage: true });

    await server.kill();
    await target.getByText(/^(?:Next try in|Connecting)/).waitFor();
    await page.locator("#announcement").getByText(/ is no longer live$/).waitFor();
    await server.restart();
    await target.getByText(/^Live for /).waitFor();

    await on.press("Space");
    await target.getByText("Off", { exact: true }).waitFor();
    assert.equal(await on.isChecked(), false);
    await page.reload();
    await target.getByText("Off", { exact: true }).waitFor();
    assert.equal(await on.isChecked(), false);
    await on.check();
    await target.getByText(/^Live for /).waitFor();

    await target.getByRole("button", { name: /^Remove / }).click();
    await page.getByRole("dialog").getByRole("button", { name: "Remove" }).click();
    await target.waitFor({ state: "detached" });
    assert.equal(await page.evaluate(() => document.activeElement?.id), "publish-heading");
    assert.equal(await panel.getByRole("listitem").count(), 1);
    assert.deepEqual(complaints.filter((it) => !it.includes("400")), []);
  },
});
