import assert from "node:assert/strict";
import { canRunEdges } from "../support/edge.ts";
import { withEdges } from "../support/edges.ts";
import { until } from "../support/until.ts";
import { sharedChromium } from "./browser.ts";

const browser = sharedChromium();

/** Namespaces require root on Linux, iproute2 and nginx. */
const ignore = !await canRunEdges();

Deno.test({
  name: "page of an edge plays on by another one when its own is killed",
  ignore,
  async fn() {
    await withEdges(3, async (edges) => {
      const context = await browser.newContext();
      const page = await context.newPage();
      const hosts = new Set<string>();
      page.on("response", (response) => {
        if (response.ok() && response.url().endsWith(".m4s")) {
          hosts.add(new URL(response.url()).host);
        }
      });
      const place = () => page.evaluate<number>("document.querySelector('video').currentTime");
      const [own] = edges;
      await page.goto(`http://${own.address}/hls/`);
      await until("the page to play", async () => await place() > 1, Boolean, { timeout: 60_000 });
      assert.deepEqual([...hosts], [own.address.replace(":80", "")]);
      const cookies = await context.cookies();
      assert.deepEqual(cookies, []);

      own.kill();
      const killedAt = await place();
      // More than was loaded already.
      await until("the page to play on", async () => await place() > killedAt + 8, Boolean, {
        timeout: 40_000,
      });
      hosts.clear();
      await until("segments of another edge", () => hosts.size > 0);
      assert.ok(!hosts.has(own.address.replace(":80", "")), [...hosts].join());
    });
  },
});
