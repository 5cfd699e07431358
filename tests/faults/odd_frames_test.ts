import assert from "node:assert/strict";
import { Buffer } from "node:buffer";
import {
  arithmeticClip,
  type BufferedClip,
  buffersOf,
  lostRowClip,
  unendedClip,
} from "../support/clips.ts";
import { FakeCamera } from "../support/fake_camera.ts";
import { decodeDamaged } from "../support/jpeg_samples.ts";
import { join } from "../support/jpegs.ts";
import { startProgram } from "../support/program.ts";
import { stateOf } from "../support/requests.ts";
import { StreamClient, type StreamPart } from "../support/stream_client.ts";

const PARTS = 12;

const hex = (jpeg: Uint8Array) => Buffer.from(jpeg).toString("hex");

interface Watched {
  readonly high: readonly StreamPart[];
  readonly medium: readonly StreamPart[];
  readonly low: readonly StreamPart[];
  readonly snapshot: Uint8Array;
  readonly counters: Readonly<Record<string, number>>;
}

/** Returns the frames that viewers of each quality get. */
async function watch(clip: BufferedClip): Promise<Watched> {
  await using camera = await FakeCamera.create({ clip, fps: 10 });
  await using program = await startProgram([...camera.options, "--resolution=640x480", "--fps=10"]);
  await using stack = new AsyncDisposableStack();
  const [high, medium, low] = await Promise.all(
    ["", "?quality=medium", "?quality=low&filter=grayscale"].map(async (query) => {
      const viewer = stack.use(await StreamClient.open(`${program.origin}/stream${query}`));
      // The first frame may be a card.
      await viewer.next(PARTS + 1, 10_000);
      return viewer.parts.slice(1);
    }),
  );
  const snapshot = await fetch(`${program.origin}/snapshot?quality=medium`);
  const { counters } = await stateOf(program);
  assert.doesNotMatch(program.output(), /Uncaught|panicked|"level":"error"/);
  return { high, medium, low, snapshot: await snapshot.bytes(), counters };
}

function qualities(parts: readonly StreamPart[]): string[] {
  return [...new Set(parts.map(({ quality }) => quality))];
}

/** Asserts that djpeg reports at most warnings for each frame. */
async function assertShown(parts: readonly StreamPart[]): Promise<void> {
  for (const { jpeg } of parts) assert.ok(await decodeDamaged(jpeg));
}

Deno.test("viewers get frames without EOI in every quality", async () => {
  const clip = await unendedClip();
  const { high, medium, low, counters } = await watch(clip);
  const whole = (await buffersOf(clip)).map((bare) => hex(join(bare, Uint8Array.of(0xff, 0xd9))));
  for (const { jpeg } of high) assert.ok(whole.includes(hex(jpeg)), "not a frame of the camera");
  assert.deepEqual([qualities(medium), qualities(low)], [["50"], ["20"]]);
  await assertShown([...medium, ...low]);
  const { damaged, corrupt, repaired } = counters;
  assert.deepEqual([damaged, corrupt, repaired], [0, 0, 0]);
});

Deno.test("viewers get frames with a lost row in every quality", async () => {
  const clip = await lostRowClip();
  const { high, medium, low, snapshot, counters } = await watch(clip);
  const own = (await buffersOf(clip)).map(hex);
  for (const { jpeg } of high) assert.ok(own.includes(hex(jpeg)), "not a frame of the camera");
  assert.deepEqual([qualities(medium), qualities(low)], [["50"], ["20"]]);
  await assertShown([...medium, ...low]);
  assert.ok(await decodeDamaged(snapshot));
  assert.deepEqual([counters.damaged, counters.corrupt], [0, 0]);
  assert.ok(counters.repaired >= PARTS, `${counters.repaired} repaired`);
});

Deno.test("viewers get the camera's own frames where no codec can make their quality", async () => {
  const clip = await arithmeticClip();
  const { high, medium, low, snapshot, counters } = await watch(clip);
  const own = (await buffersOf(clip)).map(hex);
  for (const { jpeg } of [...high, ...medium, ...low, { jpeg: snapshot }]) {
    assert.ok(own.includes(hex(jpeg)), "not a frame of the camera");
  }
  for (const parts of [high, medium, low]) assert.deepEqual(qualities(parts), ["source"]);
  assert.equal(counters.damaged, 0);
  assert.ok(counters.corrupt >= PARTS, `${counters.corrupt} that no codec could read`);
});
