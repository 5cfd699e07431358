import assert from "node:assert/strict";
import { cached } from "../support/cache.ts";
import { type Clip, movingClip } from "../support/clips.ts";
import { FakeCamera } from "../support/fake_camera.ts";
import { ffmpeg } from "../support/ffmpeg.ts";
import { type Program, residentMemory, startProgram } from "../support/program.ts";
import { SlowReader } from "../support/slow_reader.ts";
import { fpsOf, qualityOf, Watcher } from "../support/watcher.ts";

const STREET = new URL("../support/street.mp4", import.meta.url).pathname;

/** Frames large enough to fill a connection's system buffers within two seconds. */
async function noisyClip(): Promise<Clip> {
  const path = await cached("noisy.mjpeg", async (path) => {
    const filter = ["-vf", "scale=640:480,noise=alls=80:allf=t", "-frames:v", "30"];
    const encoder = ["-c:v", "mjpeg", "-huffman", "default", "-pix_fmt", "yuvj422p", "-q:v", "2"];
    await ffmpeg("-i", STREET, ...filter, ...encoder, "-f", "mjpeg", path);
  });
  return { path, format: "mjpeg" };
}

function startWith(camera: FakeCamera, ...args: string[]): Promise<Program> {
  const source = [`--source=${camera.device}`, `--ffmpeg=${camera.ffmpeg}`];
  return startProgram([...source, "--resolution=640x480", ...args]);
}

async function stateOf(program: Program) {
  return (await (await fetch(`${program.origin}/state`)).json()).result;
}

/** Opens a stream and then reads nothing. */
async function openStalled({ port }: Program, path = "/stream"): Promise<Deno.TcpConn> {
  const connection = await Deno.connect({ hostname: "127.0.0.1", port });
  await connection.write(
    new TextEncoder().encode(`GET ${path} HTTP/1.1\r\nHost: localhost\r\n\r\n`),
  );
  return connection;
}

async function until(what: string, holds: () => Promise<boolean>, withinMs: number): Promise<void> {
  const end = performance.now() + withinMs;
  while (!await holds()) {
    if (performance.now() > end) throw new Error(`Not within ${withinMs} ms: ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}

Deno.test("ten stalled viewers cost the others nothing", async (t) => {
  await using camera = await FakeCamera.create({ clip: await noisyClip() });
  await using program = await startWith(camera);
  await using high = await Watcher.open(`${program.origin}/stream`);
  await using low = await Watcher.open(`${program.origin}/stream?quality=low`);
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
      await until("ten more viewers", async () => (await stateOf(program)).viewers === 12, 2_000);
      const allDropped = async () => {
        memory.push(await residentMemory(program.pid));
        const { viewers, counters } = await stateOf(program);
        if (performance.now() - openedAt < 10_000) assert.equal(counters.stalled, 0);
        assert.equal(viewers, 12 - counters.stalled);
        return counters.stalled === 10;
      };
      await until("all are dropped", allDropped, 16_000);
    });

    await t.step("other viewers kept their frame rate", () => {
      for (const [name, { parts: all }] of Object.entries({ high, low })) {
        const parts = all.slice(from[name as keyof typeof from]);
        const fps = fpsOf(parts), expected = Math.min(24, 0.75 * before[name as keyof typeof from]);
        assert.ok(fps >= expected, `${fps} frames a second, of ${expected} expected`);
        const longest = Math.max(...parts.slice(1).map(({ at }, i) => at - parts[i].at));
        assert.ok(longest < 1_000, `a pause of ${longest} ms`);
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
      await until("they are stuck", async () => {
        const all = Object.values<{ dropped: number }>(
          (await stateOf(program)).stream.clients_stat,
        );
        return all.filter(({ dropped }) => dropped > 15).length >= 3;
      }, 8_000);
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
  await using other = await Watcher.open(`${program.origin}/stream`);
  await other.next(60, 8_000);
  const before = fpsOf(other.parts), from = other.parts.length;
  await using slow = await SlowReader.open(program, "/stream", 20_000);
  await new Promise((resolve) => setTimeout(resolve, 15_000));
  const { viewers, counters, stream } = await stateOf(program);
  assert.equal(slow.isOver, false);
  assert.deepEqual([viewers, counters.stalled], [2, 0]);
  assert.ok(slow.received > 240_000, `${slow.received} bytes`);
  const [, { why }] = Object.values<{ why: string }>(stream.clients_stat);
  assert.equal(why, "link");
  const parts = other.parts.slice(from);
  assert.ok(fpsOf(parts) >= Math.min(24, 0.75 * before), `${fpsOf(parts)} of ${before}`);
  // A busy machine reads late, which looks like a slow link for a while.
  const full = parts.filter((part) => qualityOf(part) === 100).length;
  assert.ok(full > 0.7 * parts.length, `${full} of ${parts.length} parts at full quality`);
  // The reader first has to read what was sent before its limit was known.
  for (let seconds = 0;; seconds++) {
    const { stream } = await stateOf(program);
    const [, { scale }] = Object.values<{ scale: number }>(stream.clients_stat);
    if (scale === 0.5) break;
    assert.ok(seconds < 15, `${scale}`);
    await new Promise((resolve) => setTimeout(resolve, 1000));
  }
});
