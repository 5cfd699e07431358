/// <reference lib="dom" />
import assert from "node:assert/strict";
import { pictureSize } from "../../src/media/jpeg/size.ts";
import { launchChromium } from "../e2e/browser.ts";
import { playing, watch } from "../e2e/watch_page.ts";
import { cached } from "../support/cache.ts";
import { type Clip, framesOf, movingClip, streetClip } from "../support/clips.ts";
import { FakeCamera } from "../support/fake_camera.ts";
import { join } from "../support/jpegs.ts";
import { startProgram } from "../support/program.ts";
import { stateOf } from "../support/requests.ts";
import { StreamClient, type StreamPart } from "../support/stream_client.ts";

/** Twenty frames of 640x480, then twenty of 322x242, whose last blocks are partial. */
async function changingClip(): Promise<Clip> {
  const path = await cached("changing-size.mjpeg", async (path) => {
    const small = await streetClip("small", ["-vf", "scale=322:242", "-frames:v", "20"]);
    const large = (await framesOf(await movingClip())).slice(0, 20);
    await Deno.writeFile(path, join(...large, ...await framesOf(small)));
  });
  return { path, format: "mjpeg" };
}

function sizeOf({ jpeg }: StreamPart): string {
  const size = pictureSize(jpeg)!;
  return `${size.width}x${size.height}`;
}

Deno.test("stream continues in every rendition when the camera changes resolution", async (t) => {
  await using camera = await FakeCamera.create({ clip: await changingClip() });
  await using program = await startProgram([...camera.options, "--resolution=640x480"]);
  await using stack = new AsyncDisposableStack();
  const filters = ["highlight", "mirror", "pixelate", "soft", "sepia"];
  const paths = ["", "?quality=medium", "?mode=gaming", ...filters.map((it) => `?filter=${it}`)];
  const viewers = await Promise.all(
    paths.map(async (path) =>
      stack.use(await StreamClient.open(`${program.origin}/stream${path}`))
    ),
  );

  await t.step("every viewer gets both sizes, again and again", async () => {
    const full = ["640x480", "322x242"];
    await Promise.all(viewers.map(async (viewer, i) => {
      let changes = 0, seen = 0, last = "";
      await viewer.until(`four changes of ${paths[i]}`, () => {
        for (; seen < viewer.parts.length; seen++) {
          const size = sizeOf(viewer.parts[seen]);
          // Mirroring leaves out a partial last column of MCUs; a slow link halves the size.
          if (last !== "" && size !== last) changes++;
          last = size;
        }
        return changes >= 4;
      }, 15_000);
      const sizes = new Set(viewer.parts.map(sizeOf));
      const expected = paths[i] === "?filter=mirror" ? ["640x480", "320x242"] : full;
      for (const size of expected) assert.ok(sizes.has(size), `${paths[i]}: ${[...sizes]}`);
    }));
  });

  await t.step("half size too, under a low max_kbps", async () => {
    await using few = await StreamClient.open(`${program.origin}/stream?max_kbps=400`);
    const sizes = () => new Set(few.parts.map(sizeOf));
    await few.until("both halves", () => sizes().has("320x240") && sizes().has("161x121"), 15_000);
  });

  await t.step(
    "client that requests a width gets the largest size that fits, for each frame",
    async () => {
      await using narrow = await StreamClient.open(`${program.origin}/stream?width=330`);
      const parts = await narrow.next(60, 10_000);
      assert.deepEqual([...new Set(parts.map(sizeOf))].sort(), ["320x240", "322x242"]);
      for (let i = 0; i < 20; i++) {
        const response = await fetch(`${program.origin}/snapshot?width=330`);
        const size = sizeOf({ jpeg: await response.bytes() } as StreamPart);
        assert.match(size, /^320x240$|^322x242$/);
      }
    },
  );

  await t.step("snapshots of every quality", async () => {
    for (const quality of ["high", "medium", "low"]) {
      const response = await fetch(`${program.origin}/snapshot?quality=${quality}`);
      assert.equal(response.status, 200);
      assert.match(sizeOf({ jpeg: await response.bytes() } as StreamPart), /^640x480$|^322x242$/);
    }
  });

  await t.step("the page paints both", async () => {
    await using browser = await launchChromium();
    const { page, complaints } = await watch(browser, program);
    await playing(page);
    for (const width of [640, 322, 640]) {
      await page.waitForFunction(
        (width) => document.querySelector<HTMLCanvasElement>("#picture")!.width === width,
        width,
      );
    }
    assert.deepEqual(complaints, []);
  });

  await t.step("no viewer was dropped, no thread replaced, no error logged", async () => {
    assert.ok(viewers.every(({ isOver }) => !isOver));
    const { replaced, corrupt, damaged, restarts } = (await stateOf(program)).counters;
    assert.deepEqual([replaced, corrupt, damaged, restarts], [0, 0, 0, 0]);
    assert.doesNotMatch(program.output(), /"level":"(warn|error)"|Uncaught/);
  });
});
