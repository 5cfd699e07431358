import assert from "node:assert/strict";
import { MemoryStore } from "../../../src/consumers/recorder/memory_store.ts";
import { Ring } from "../../../src/consumers/recorder/ring.ts";
import { Shrinker } from "../../../src/consumers/recorder/shrinker.ts";
import type { Job } from "../../../src/transcode/job.ts";

function stage(maxBytes: number) {
  const clock = { now: 0, wall: () => clock.now };
  const ring = new Ring({ store: new MemoryStore(maxBytes), keepMs: 60_000, clock });
  const jobs: Job[] = [];
  const shrinker = new Shrinker(ring, {
    transcode(job) {
      jobs.push(job);
      if (job.frame.data[0] === 13) job.onFailure();
      else job.onOutput(0, new Uint8Array(10));
      return Promise.resolve(null);
    },
  }, clock);
  return { clock, ring, shrinker, jobs };
}

Deno.test("shrinker leaves frames as they came while there is room for them", async () => {
  const { clock, ring, shrinker, jobs } = stage(100_000);
  for (; clock.now < 30_000; clock.now += 1000) ring.add(new Uint8Array(100), clock.now);
  await shrinker.run();
  assert.equal(jobs.length, 0);
});

Deno.test("shrinker makes the oldest frames smaller where bytes are scarce, but none of ten seconds", async () => {
  const { clock, ring, shrinker, jobs } = stage(3000);
  for (let i = 0; clock.now < 60_000; i++, clock.now += 1000) {
    ring.add(new Uint8Array(100).fill(i), clock.now);
    await shrinker.run();
    assert(ring.bytes <= 3000);
  }
  assert.equal(ring.span?.from, 0);
  assert.equal(ring.promise?.seconds, 60);
  assert(jobs.every(({ isDeferred }) => isDeferred));
  assert(jobs.every(({ frame }) => frame.at <= clock.now - 10_000));
  // What cannot be made smaller stays.
  assert.equal((await ring.read(ring.frameAt(13_000)!))?.length, 100);
  assert.equal((await ring.read(ring.frameAt(12_000)!))?.length, 10);
  assert.equal((await ring.read(ring.frameAt(59_000)!))?.length, 100);
});
