/// <reference lib="dom" />
import assert from "node:assert/strict";
import { openPage, sharedChromium } from "./browser.ts";
import { otherSite, outcomes, RESOLVER } from "./other_site.ts";
import { administer } from "../support/requests.ts";
import { startChannel } from "./test_channel.ts";
import { playing, watch } from "./watch_page.ts";

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
