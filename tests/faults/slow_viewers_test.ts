import assert from "node:assert/strict";
import { setTimeout as delay } from "node:timers/promises";
import { type Clip, movingClip, streetClip } from "../support/clips.ts";
import { FakeCamera } from "../support/fake_camera.ts";
import { residentMemory } from "../support/process_health.ts";
import { type Program, startProgram } from "../support/program.ts";
import { openRaw, requestOf } from "../support/raw_http.ts";
import { stateOf } from "../support/requests.ts";
import { fpsOf, longestPause, qualityOf, StreamClient } from "../support/stream_client.ts";
import { until } from "../support/until.ts";

/** Frames large enough to fill a connection's system buffers within two seconds. */
function noisyClip(): Promise<Clip> {
  const filter = ["-vf", "scale=640:480,noise=alls=80:allf=t", "-frames:v", "30"];
  return streetClip("noisy", filter, 2);
}

function startWith(camera: FakeCamera, ...args: string[]): Promise<Program> {
  return startProgram([...camera.options, "--resolution=640x480", ...args]);
}

/** Opens a stream and then reads nothing. */
function openStalled(program: Program, path = "/stream"): Promise<Deno.TcpConn> {
  return openRaw(program, requestOf(`GET ${path} HTTP/1.1`, "Host: localhost"));
}

Deno.test("ten stalled viewers cost the others nothing", async (t) => {
  await using camera = await FakeCamera.create({ clip: await noisyClip() });
  // What is kept for rewinding grows for a minute.
  await using program = await startWith(camera, "--rewind=off");
  await using high = await StreamClient.open(`${program.origin}/stream`);
  await using low = await StreamClient.open(`${program.origin}/stream?quality=low`);
  await Promise.all([high.next(60, 8_000), low.next(60, 8_000)]);
  const memory = [await residentMemory(program.pid)];
  // The machine may be busy, so viewers are compared with their own earlier rate.
  const before = { high: fpsOf(high.parts), low: fpsOf(low.parts) };
  const from = { high: high.parts.length, low: low.parts.length };

  const stalled = await Promise.all(
    Array.from(
      { length: 10 },
      (_, i) => openStalled(program, i % 2 ? "/stream" : "/?action=stream"),
    ),
  );
  const openedAt = performance.now();
  try {
    await t.step("stalled viewers are dropped after 10 s, and not before", async () => {
      const countViewers = async () => (await stateOf(program)).viewers;
      const isTwelve = (viewers: number) => viewers === 12;
      await until("ten more viewers", countViewers, isTwelve, { timeout: 2_000 });
      const countDropped = async () => {
        memory.push(await residentMemory(program.pid));
        const { viewers, counters } = await stateOf(program);
        if (performance.now() - openedAt < 10_000) assert.equal(counters.stalled, 0);
        assert.equal(viewers, 12 - counters.stalled);
        return counters.stalled;
      };
      const isTen = (dropped: number) => dropped === 10;
      await until("all to be dropped", countDropped, isTen, { timeout: 16_000, every: 100 });
    });

    await t.step("other viewers kept their frame rate", () => {
      for (const [name, { parts: all }] of Object.entries({ high, low })) {
        const parts = all.slice(from[name as keyof typeof from]);
        const fps = fpsOf(parts), expected = Math.min(24, 0.75 * before[name as keyof typeof from]);
        assert.ok(fps >= expected, `${fps} frames a second, of ${expected} expected`);
        assert.ok(longestPause(parts) < 1_000, `a pause of ${longestPause(parts)} ms`);
      }
    });

    await t.step("memory stayed flat", () => {
      const [before] = memory;
      const growth = Math.max(...memory) - before;
      assert.ok(growth < 60, `${growth.toFixed()} MiB more than ${before.toFixed()} MiB`);
    });

    await t.step("their connections are closed", async () => {
      const buffer = new Uint8Array(1 << 20);
      for (const connection of stalled) {
        // Only data in the system's buffers is left.
        let left = 0;
        for (let n: number | null = 0; n !== null;) {
          n = await connection.read(buffer).catch(() => null);
          left += n ?? 0;
        }
        assert.ok(left < 50 << 20, `${left} bytes`);
      }
    });
  } finally {
    for (const connection of stalled) connection.close();
  }

  await t.step("stalled viewers do not delay shutdown", async () => {
    const stalled = await Promise.all(Array.from({ length: 3 }, () => openStalled(program)));
    try {
      const countStuck = async () => {
        const { stream } = await stateOf(program);
        const all = Object.values<{ dropped: number }>(stream.clients_stat);
        return all.filter(({ dropped }) => dropped > 15).length;
      };
      await until("three to be stuck", countStuck, (stuck) => stuck >= 3, { timeout: 8_000 });
      const begun = performance.now();
      program.kill("SIGTERM");
      assert.equal((await program.status).code, 0);
      const took = performance.now() - begun;
      assert.ok(took < 2_000, `ended after ${took} ms`);
    } finally {
      for (const connection of stalled) connection.close();
    }
  });
});

Deno.test("viewer that reads 20 kB a second is kept, and costs the others nothing", async () => {
  await using camera = await FakeCamera.create({ clip: await movingClip() });
  await using program = await startWith(camera);
  await using other = await StreamClient.open(`${program.origin}/stream`);
  await other.next(60, 8_000);
  const before = fpsOf(other.parts), from = other.parts.length;
  await using slow = await StreamClient.open(`${program.origin}/stream`, {
    bytesPerSecond: 20_000,
  });
  // A viewer who reads nothing is dropped after 10 s.
  await delay(13_000);
  const { viewers, counters, stream } = await stateOf(program);
  assert.equal(slow.isOver, false);
  assert.deepEqual([viewers, counters.stalled], [2, 0]);
  assert.ok(slow.received > 208_000, `${slow.received} bytes`);
  const [, { why }] = Object.values<{ why: string }>(stream.clients_stat);
  assert.equal(why, "link");
  const parts = other.parts.slice(from);
  assert.ok(fpsOf(parts) >= Math.min(24, 0.75 * before), `${fpsOf(parts)} of ${before}`);
  // A busy machine reads late, which looks like a slow link for a while.
  const full = parts.filter((part) => qualityOf(part) === 100).length;
  assert.ok(full > 0.7 * parts.length, `${full} of ${parts.length} parts at full quality`);
  // The reader first has to read what was sent before its limit was known.
  const scaleOf = async () => {
    const { stream } = await stateOf(program);
    return Object.values<{ scale: number }>(stream.clients_stat)[1].scale;
  };
  await until("half the size", scaleOf, (scale) => scale === 0.5, { timeout: 17_000, every: 100 });
});
