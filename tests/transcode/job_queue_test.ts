import assert from "node:assert/strict";
import fc from "fast-check";
import { frameOf } from "../../src/media/packet.ts";
import { JobQueue, type QueuedJob } from "../../src/transcode/job_queue.ts";

function job(stream: string, sequence: number): QueuedJob {
  return { stream, frame: frameOf(new Uint8Array(1), sequence, 0) };
}

Deno.test("job queue keeps all jobs of a stream's newest frame, and returns those they replace", () => {
  const queue = new JobQueue();
  const [old, first, second] = [job("program", 1), job("program", 2), job("program", 2)];
  assert.deepEqual(queue.add(old), []);
  assert.deepEqual(queue.add(first), [old]);
  assert.deepEqual(queue.add(second), []);
  assert.deepEqual([queue.take(), queue.take(), queue.take()], [first, second, undefined]);
  assert.equal(queue.isEmpty, true);
});

Deno.test("job queue gives each stream its turn, and keeps the place of one that has a newer frame", () => {
  const queue = new JobQueue();
  const [a1, b1, a2] = [job("a", 1), job("b", 1), job("a", 2)];
  queue.add(a1);
  queue.add(b1);
  queue.add(a2);
  const more = job("a", 2);
  queue.add(more);
  assert.deepEqual([queue.take(), queue.take(), queue.take()], [a2, b1, more]);
});

Deno.test("job queue knows whether a frame other than the job's waits", () => {
  const queue = new JobQueue();
  const running = job("program", 5);
  assert.equal(queue.hasNext(running), false);
  queue.add(job("program", 5));
  assert.equal(queue.hasNext(running), false);
  queue.add(job("program", 6));
  assert.equal(queue.hasNext(running), true);
  queue.clear();
  queue.add(job("camera", 1));
  assert.equal(queue.hasNext(running), true);
});

Deno.test("job queue returns every job once: taken, replaced or cleared", () => {
  const jobs = fc.array(fc.record({
    stream: fc.constantFrom("a", "b", "c"),
    sequence: fc.nat(5),
    takes: fc.nat(2),
  }));
  fc.assert(fc.property(jobs, (jobs) => {
    const queue = new JobQueue();
    const added: QueuedJob[] = [];
    const returned: QueuedJob[] = [];
    for (const { stream, sequence, takes } of jobs) {
      added.push(job(stream, sequence));
      returned.push(...queue.add(added.at(-1)!));
      for (let i = 0; i < takes && !queue.isEmpty; i++) returned.push(queue.take()!);
    }
    returned.push(...queue.clear());
    assert.equal(returned.length, added.length);
    assert.deepEqual(new Set(returned), new Set(added));
    assert.equal(queue.isEmpty, true);
  }));
});
