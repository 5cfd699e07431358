/// <reference lib="dom" />
import assert from "node:assert/strict";
import { openPage, sharedChromium } from "./browser.ts";
import { otherSite, outcomes, RESOLVER } from "./other_site.ts";
import { screenshotPath } from "./screenshots.ts";
import { administer, stateOf } from "../support/requests.ts";
import { until } from "../support/until.ts";
import { startChannel } from "./test_channel.ts";
import { playing, watch, watchPlaying } from "./watch_page.ts";

const browser = sharedChromium([RESOLVER]);

Deno.test("embedded player plays, shows the title, and links to the whole page", async () => {
  await using program = await startChannel();
  const options = { viewport: { width: 480, height: 270 } };
  const { page, complaints } = await watch(browser, program, options);
  await page.goto(`${program.origin}/embed`);
  await playing(page);
  assert(await page.getByText("Live", { exact: true }).isVisible());
  const box = await page.locator("#picture").boundingBox();
  assert.deepEqual([box?.width, box?.height], [480, 270], "it fills its frame");
  await administer(program, "title", { title: "Bird box" });
  const link = page.getByRole("link", { name: "Bird box" });
  await link.waitFor();
  assert.equal(await link.evaluate((a) => (a as HTMLAnchorElement).href), `${program.origin}/`);
  await administer(program, "on-air", { onAir: false });
  await page.locator("#cover").getByText("Off air").waitFor();
  assert.deepEqual(complaints, []);
});

Deno.test("embedded player has controls for the pointer and the keyboard, in a frame of another site", async () => {
  await using site = otherSite();
  const good = `http://good.test:${site.port}`;
  await using program = await startChannel(`--allow-origin=${good}`);
  const { page, complaints } = await openPage(browser, { viewport: { width: 700, height: 500 } });
  await page.goto(good);
  // As the Share dialog of the watch page offers it.
  await page.evaluate((source) => {
    document.body.innerHTML =
      `<iframe src="${source}" width="640" height="360" allow="fullscreen"></iframe>`;
  }, `${program.origin}/embed`);
  const frame = page.frameLocator("iframe");
  const root = frame.locator("html");
  const state = (name: string, value: string) => frame.locator(`html[data-${name}="${value}"]`);
  await state("player", "playing").waitFor();
  const pause = frame.getByRole("button", { name: "Pause" });
  assert.equal(await pause.evaluate((button) => getComputedStyle(button).opacity), "0");
  await frame.locator("#picture").hover();
  const isShown = () => pause.evaluate((button) => getComputedStyle(button).opacity);
  await until("the controls", isShown, (opacity) => opacity === "1");
  await page.screenshot({ path: await screenshotPath("embed_controls") });

  await pause.click();
  await frame.locator("#cover").getByText("Paused").waitFor();
  await until("no stream", () => stateOf(program), ({ stream }) => stream.clients === 0);
  await frame.locator("#cover").getByRole("button", { name: "Return to live" }).click();
  await state("player", "playing").waitFor();

  const given = async () => {
    const { stream } = await stateOf(program);
    const [client] = Object.values(stream.clients_stat) as { quality: string | number }[];
    return client?.quality;
  };
  await frame.getByRole("combobox", { name: "Quality" }).selectOption("Low");
  await until("low quality", given, (quality) => quality === 20);
  await frame.getByRole("button", { name: "Pause" }).focus();
  await page.keyboard.press("2");
  await until("medium quality", given, (quality) => quality === 50);
  assert.equal(await frame.getByRole("combobox", { name: "Quality" }).inputValue(), "medium");
  await page.keyboard.press("k");
  await state("paused", "true").waitFor();
  await page.keyboard.press("k");
  await page.keyboard.press("f");
  await state("full", "true").waitFor();
  await page.keyboard.press("f");
  await state("full", "false").waitFor();
  assert.equal(await root.getAttribute("data-paused"), "false");
  // The other site's empty header is not our page's.
  const own = complaints.filter((complaint) => !complaint.includes("referrer policy"));
  assert.deepEqual(own, []);
});

Deno.test("share dialog offers the code of the player once a site is allowed", async () => {
  await using open = await startChannel("--allow-origin=http://good.test", '--title=Tea & "cake"');
  const { page } = await watchPlaying(browser, open);
  await page.getByRole("button", { name: "Share" }).click();
  const code = page.getByLabel("Put the player into a page of your own:");
  const html = await code.inputValue();
  const shown = await page.evaluate((html) => {
    const frame = new DOMParser().parseFromString(html, "text/html").querySelector("iframe")!;
    return [frame.title, new URL(frame.src).pathname, frame.allow];
  }, html);
  assert.deepEqual(shown, ['Tea & "cake"', "/embed", "fullscreen"]);
  await page.getByRole("button", { name: "Copy" }).last().click();
  await page.getByRole("button", { name: "Copied" }).waitFor();
  await page.screenshot({ path: await screenshotPath("share_embed") });

  await using closed = await startChannel();
  const other = await watchPlaying(browser, closed);
  await other.page.getByRole("button", { name: "Share" }).click();
  await other.page.getByRole("button", { name: "Copy" }).waitFor();
  assert(await other.page.locator("#share-embed").isHidden());
});

Deno.test("only an allowed site can show the stream, at trusted and at plain addresses", async (t) => {
  await using site = otherSite();
  const good = `http://good.test:${site.port}`;
  const evil = `http://evil.test:${site.port}`;
  await using program = await startChannel(`--allow-origin=${good}`, "--allow-host=stream.test");
  const { page } = await openPage(browser);
  const paths = ["/stream", "/snapshot", "/?action=stream?1", "/webcam/?action=snapshot_0"];
  const drawn = async (origin: string) => {
    const all = [];
    for (const path of paths) all.push(await outcomes.draw(page, origin + path));
    return all;
  };
  const DRAWN = paths.map(() => "drew 320 pixels");
  const REFUSED = paths.map(() => "refused");
  // Chromium sends Sec-Fetch-Site to the first of these, and at most Referer to the second.
  for (const origin of [program.origin, `http://stream.test:${program.port}`]) {
    await t.step(`at ${origin}`, async () => {
      await page.goto(good);
      assert.deepEqual(await drawn(origin), DRAWN);
      const snapshot = `${origin}/?action=snapshot`;
      assert.equal(await outcomes.read(page, snapshot, "omit"), "read 200");
      assert.equal(await outcomes.frame(page, `${origin}/embed`), "framed");
      await page.goto(`${good}/?no-referrer`);
      assert.deepEqual(await drawn(origin), REFUSED);
      for (const address of [evil, `${evil}/?no-referrer`]) {
        await page.goto(address);
        assert.deepEqual(await drawn(origin), REFUSED, address);
        assert.equal(await outcomes.read(page, snapshot, "omit"), "refused");
        assert.equal(await outcomes.frame(page, `${origin}/embed`), "refused");
      }
    });
  }
  const blocked =
    `Blocked ${evil} from showing the stream: to allow it, add --allow-origin ${evil}`;
  assert.equal(program.output().split(blocked).length - 1, 1, program.output());
  assert(!program.output().includes(`Blocked ${good}`));
});
