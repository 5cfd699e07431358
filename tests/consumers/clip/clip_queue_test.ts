import assert from "node:assert/strict";
import type { ClipOrder, ClipOutput } from "../../../src/consumers/clip/clip_maker.ts";
import { ClipQueue, type HeldOrder } from "../../../src/consumers/clip/clip_queue.ts";
import { ClipFailure } from "../../../src/consumers/clip/failure.ts";
import { recordingLog } from "../../support/recording_log.ts";

/** A maker in the test's hands. */
class HandMaker {
  readonly begun: {
    readonly output: ClipOutput;
    end(): void;
    fail(error: Error): void;
  }[] = [];

  make(_order: ClipOrder, output: ClipOutput): Promise<void> {
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    this.begun.push({ output, end: resolve, fail: reject });
    output.signal.addEventListener("abort", () => reject(new ClipFailure("cancelled")));
    return promise;
  }
}

function setUp() {
  const maker = new HandMaker();
  const clock = { now: 0, monotonic: () => clock.now };
  const log = recordingLog();
  const queue = new ClipQueue({ maker, clock, log });
  const held = new Set<number>();
  let count = 0;
  const order = (): HeldOrder => {
    const number = count++;
    held.add(number);
    return {
      format: "mp4",
      timeline: { frames: [], sound: [], duration: 1_000 },
      read: () => Promise.resolve(null),
      release: () => void held.delete(number),
    };
  };
  return { maker, clock, log, queue, held, order };
}

/** Lets promises that are settled run on. */
const settle = () => new Promise((resolve) => setTimeout(resolve));

const bytes = (length: number) => new Uint8Array(length).fill(7);

Deno.test("clip queue makes one clip at a time, in order, and lets go of its frames", async () => {
  const { maker, queue, held, order } = setUp();
  await using _ = queue;
  const clips = [queue.add(order()), queue.add(order()), queue.add(order())];
  assert.deepEqual(clips.map((clip) => queue.aheadOf(clip)), [0, 1, 2]);
  assert.equal(maker.begun.length, 1);
  maker.begun[0].output.write(bytes(5));
  maker.begun[0].output.progress(0.5);
  assert.deepEqual([clips[0].state, clips[0].bytes, clips[0].progress], ["making", 5, 0.5]);
  maker.begun[0].end();
  await settle();
  assert.equal(maker.begun.length, 2);
  assert.deepEqual(clips.map(({ state }) => state), ["ready", "making", "waiting"]);
  assert.deepEqual([...held], [1, 2]);
  assert.deepEqual(clips.map((clip) => queue.aheadOf(clip)), [0, 0, 1]);
});

Deno.test("clip can be read while it is being made, and again when it is ready", async () => {
  const { maker, queue, order } = setUp();
  await using _ = queue;
  const clip = queue.add(order());
  const early = new Response(clip.open().stream).bytes();
  const { output, end } = maker.begun[0];
  for (const length of [3, 4]) {
    output.write(bytes(length));
    await settle();
  }
  assert.equal(clip.readers, 1);
  end();
  assert.equal((await early).length, 7);
  assert.equal((await new Response(clip.open().stream).bytes()).length, 7);
  assert.equal(clip.readers, 0);
});

Deno.test("clip that fails breaks off for its readers, and the next one is made", async () => {
  const { maker, queue, held, order, log } = setUp();
  await using _ = queue;
  const [first, second] = [queue.add(order()), queue.add(order())];
  const reading = new Response(first.open().stream).bytes();
  maker.begun[0].output.write(bytes(3));
  maker.begun[0].fail(new ClipFailure("failed", "Killed"));
  await assert.rejects(reading);
  await settle();
  assert.deepEqual([first.state, first.failure, first.bytes], ["failed", "failed", 0]);
  assert.equal(second.state, "making");
  assert.deepEqual([...held], [1]);
  assert(log.lines.includes("warn: A clip could not be made"));
});

Deno.test("clip queue refuses a ninth clip, and forgets a cancelled one at once", async () => {
  const { maker, queue, held, order } = setUp();
  await using _ = queue;
  const clips = Array.from({ length: 8 }, () => queue.add(order()));
  assert(queue.isFull);
  queue.cancel(clips[4]);
  assert(!queue.isFull && !queue.has(clips[4]));
  assert.equal(held.size, 7);
  queue.cancel(clips[0]);
  assert(maker.begun[0].output.signal.aborted);
  await settle();
  assert.equal(clips[1].state, "making");
});

Deno.test("clip queue gives up a clip that nobody asks about or reads", async () => {
  const { clock, queue, held, order } = setUp();
  await using _ = queue;
  const [left, seen, read] = [queue.add(order()), queue.add(order()), queue.add(order())];
  const body = read.open().stream;
  clock.now = 19_000;
  queue.tick();
  queue.seen(seen);
  assert.equal(held.size, 3);
  clock.now = 21_000;
  queue.tick();
  assert.deepEqual([left, seen, read].map((clip) => queue.has(clip)), [false, true, true]);
  await body.cancel();
  clock.now = 60_000;
  queue.tick();
  assert.equal(held.size, 0);
});

Deno.test("clip queue keeps ready clips for five minutes, and the newest 128 MB of them", async () => {
  const { clock, maker, queue, order } = setUp();
  await using _ = queue;
  const make = async () => {
    const clip = queue.add(order());
    maker.begun.at(-1)!.output.write(bytes(50 << 20));
    maker.begun.at(-1)!.end();
    await settle();
    return clip;
  };
  const clips = [await make(), await make(), await make()];
  queue.tick();
  assert.deepEqual(clips.map((clip) => queue.has(clip)), [false, true, true]);
  clock.now = 301_000;
  queue.tick();
  assert(clips.every((clip) => !queue.has(clip)));
});

Deno.test("clip queue keeps no more than 512 MB for those who read slowly", async () => {
  const { maker, queue, order } = setUp();
  await using _ = queue;
  const readers = [];
  const piece = bytes(100 << 20);
  for (let i = 0; i < 7; i++) {
    const clip = queue.add(order());
    maker.begun.at(-1)!.output.write(piece);
    maker.begun.at(-1)!.end();
    await settle();
    readers.push({ clip, body: clip.open() });
  }
  queue.tick();
  assert.deepEqual(readers.map(({ clip }) => queue.has(clip)), [
    ...[false, false],
    ...[true, true, true, true, true],
  ]);
  await assert.rejects(new Response(readers[0].body.stream).bytes());
  assert.equal(readers[0].body.isTaken, false);
  for (const { body } of readers.slice(2)) {
    assert(body.isTaken);
    await body.stream.cancel();
    assert(!body.isTaken);
  }
});

Deno.test("clip queue ends with everything given up", async () => {
  const { queue, held, order } = setUp();
  const clip = queue.add(order());
  await queue[Symbol.asyncDispose]();
  assert.equal(clip.failure, "cancelled");
  assert.equal(held.size, 0);
  assert(queue.isFull);
});
