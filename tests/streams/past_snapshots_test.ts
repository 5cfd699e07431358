import assert from "node:assert/strict";
import { Rendition, SOURCE } from "../../src/media/rendition.ts";
import type { Transcoder } from "../../src/streams/part_maker.ts";
import { PastSnapshots } from "../../src/streams/past_snapshots.ts";
import type { Job } from "../../src/transcode/job.ts";
import { FakePast } from "../support/fake_past.ts";

const SMALL = Rendition.of({ quality: 50, scale: 0.125, filter: "none" });

/** A transcoder that makes what the test lets it make. */
class ManualTranscoder implements Transcoder {
  readonly jobs: Job[] = [];
  readonly #resolve: ((luma: null) => void)[] = [];

  transcode(job: Job): Promise<null> {
    this.jobs.push(job);
    return new Promise((resolve) => this.#resolve.push(resolve));
  }

  async finish(output: Uint8Array<ArrayBuffer> | null): Promise<void> {
    const job = this.jobs.at(-1)!;
    if (output) job.onOutput(0, output);
    else job.onFailure();
    this.#resolve.at(-1)!(null);
    await settle();
  }
}

async function settle(): Promise<void> {
  for (let i = 0; i < 20; i++) await Promise.resolve();
}

function setUp() {
  const past = new FakePast(Array.from({ length: 100 }, (_, i) => i * 40));
  const transcoder = new ManualTranscoder();
  return { past, transcoder, snapshots: new PastSnapshots({ past, transcoder }) };
}

Deno.test("snapshots of the past give a frame as it is kept without making anything", async () => {
  const { snapshots, transcoder } = setUp();
  const taken = await snapshots.take(410, () => SOURCE);
  assert.deepEqual(taken, { at: 400, jpeg: new Uint8Array([10]) });
  assert.equal(transcoder.jobs.length, 0);
});

Deno.test("snapshots of the past are made once, deferred, one after the other", async () => {
  const { snapshots, transcoder } = setUp();
  const [one, same, other] = [400, 401, 800].map((at) => snapshots.take(at, () => SMALL));
  await settle();
  assert.equal(transcoder.jobs.length, 1);
  assert.equal(transcoder.jobs[0].isDeferred, true);
  await transcoder.finish(new Uint8Array([1]));
  assert.deepEqual(await one, { at: 400, jpeg: new Uint8Array([1]) });
  assert.deepEqual(await same, await one);
  assert.equal(transcoder.jobs.length, 2);
  await transcoder.finish(new Uint8Array([2]));
  assert.deepEqual(await other, { at: 800, jpeg: new Uint8Array([2]) });
  assert.deepEqual(await snapshots.take(400, () => SMALL), await one);
  assert.equal(transcoder.jobs.length, 2);
});

Deno.test("snapshots of the past give the frame as it is kept if none can be made", async () => {
  const { snapshots, transcoder } = setUp();
  const taken = snapshots.take(400, () => SMALL);
  await settle();
  await transcoder.finish(null);
  assert.deepEqual(await taken, { at: 400, jpeg: new Uint8Array([10]) });
});

Deno.test("snapshots of the past refuse when too many wait", async () => {
  const { snapshots, transcoder } = setUp();
  const waiting = Array.from({ length: 32 }, (_, i) => snapshots.take(i * 40, () => SMALL));
  await settle();
  assert.equal(await snapshots.take(3960, () => SMALL), "busy");
  for (let i = 0; i < 32; i++) await transcoder.finish(new Uint8Array(1));
  await Promise.all(waiting);
});

Deno.test("snapshots of the past keep nothing once the past is cleared", async () => {
  const { past, snapshots, transcoder } = setUp();
  const taken = snapshots.take(400, () => SMALL);
  await settle();
  await transcoder.finish(new Uint8Array([1]));
  await taken;
  past.forget(Infinity);
  past.events.emit("clear", null);
  assert.equal(await snapshots.take(400, () => SMALL), null);
});
