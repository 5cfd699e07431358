import assert from "node:assert/strict";
import { movingClip } from "../support/clips.ts";
import { launchChromium } from "./browser.ts";
import { startChannel } from "./test_channel.ts";
import { watchPlaying } from "./watch_page.ts";

/** Long enough to detect a growth of some bytes a frame; ten minutes are measured manually. */
const PLAYED_MS = 12_000;

Deno.test("page memory stays flat during playback", async () => {
  await using program = await startChannel(`--source=${(await movingClip()).path}`, "--fps=30");
  await using browser = await launchChromium();
  const { page, complaints } = await watchPlaying(browser, program);
  const session = await page.context().newCDPSession(page);
  await session.send("Performance.enable");
  const measured = async () => {
    await session.send("HeapProfiler.collectGarbage");
    const { metrics } = await session.send("Performance.getMetrics");
    const valueOf = (wanted: string) => metrics.find(({ name }) => name === wanted)!.value;
    return { heap: valueOf("JSHeapUsedSize"), nodes: valueOf("Nodes") };
  };
  const play = () => new Promise((resolve) => setTimeout(resolve, PLAYED_MS / 2));
  await play();
  const before = await measured();
  await play();
  const after = await measured();
  assert(after.heap - before.heap < 500_000, `the heap grew from ${before.heap} to ${after.heap}`);
  assert(after.nodes <= before.nodes + 10, `there were ${before.nodes} nodes, then ${after.nodes}`);
  assert.deepEqual(complaints, []);
});
