import assert from "node:assert/strict";
import { setTimeout as delay } from "node:timers/promises";
import { openCamera720 } from "../support/camera_720.ts";
import { startProgram } from "../support/program.ts";
import { stateOf } from "../support/requests.ts";
import { type SeenFrame, StreamClient } from "../support/stream_client.ts";

Deno.test({
  name: "clients that read few frames get fresh ones in full quality",
  ignore: Deno.build.os !== "linux",
  async fn() {
    await using camera = await openCamera720({ quantiser: 9 });
    await using program = await startProgram(camera.options);
    await using readers = new AsyncDisposableStack();
    const seen = new Map<number, SeenFrame[]>();
    for (const framesPerSecond of [5, 15]) {
      const frames: SeenFrame[] = [];
      seen.set(framesPerSecond, frames);
      readers.use(
        await StreamClient.open(`${program.origin}/stream`, {
          framesPerSecond,
          onFrame: (frame) => frames.push(frame),
        }),
      );
    }
    await delay(8_000);
    const reasons: string[][] = [];
    for (let i = 0; i < 6; i++) {
      await delay(1_000);
      const { stream } = await stateOf(program);
      const clients = Object.values<{ why: string }>(stream.clients_stat);
      reasons.push(clients.map(({ why }) => why));
    }
    // A reader that drains its socket for a moment counts as prompt, never as a slow link.
    for (const i of [0, 1]) {
      assert.ok(reasons.some((whys) => whys[i] === "reader"), `${reasons}`);
      assert.ok(reasons.every((whys) => whys[i] !== "link"), `${reasons}`);
    }
    const end = performance.now();
    for (const [fps, frames] of seen) {
      const late = frames.filter(({ at }) => at > end - 6000);
      const full = late.filter(({ quality }) => quality === "source").length / late.length;
      assert.ok(full > 0.9, `${fps}: ${full} in full quality`);
      const ages = late.map(({ age }) => age).sort((a, b) => a - b);
      const median = ages[ages.length >> 1]!;
      // It used to be five to thirteen seconds.
      assert.ok(median < 7000 / fps, `${fps}: half are ${median} ms old`);
      assert.ok(late.length > 6 * fps * 0.6, `${fps}: ${late.length} frames`);
    }
  },
});
