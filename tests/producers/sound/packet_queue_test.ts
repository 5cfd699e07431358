import assert from "node:assert/strict";
import { PacketQueue } from "../../../src/producers/sound/packet_queue.ts";

Deno.test("packet queue gives items in order, and drops the oldest beyond its limit", async () => {
  const queue = new PacketQueue<number>(3);
  for (let i = 1; i <= 5; i++) queue.put(i);
  const reader = queue[Symbol.asyncIterator]();
  const taken = [await reader.next(), await reader.next(), await reader.next()];
  assert.deepEqual(taken.map(({ value }) => value), [3, 4, 5]);
  assert.equal(queue.dropped, 2);
});

Deno.test("packet queue wakes a reader that waits, and ends it", async () => {
  const queue = new PacketQueue<number>(3);
  const reader = queue[Symbol.asyncIterator]();
  const first = reader.next();
  queue.put(7);
  assert.equal((await first).value, 7);
  const last = reader.next();
  queue.end();
  queue.put(8);
  assert.equal((await last).done, true);
});

Deno.test("packet queue forgets what waits when it is cleared", async () => {
  const queue = new PacketQueue<number>(3);
  queue.put(1);
  queue.clear();
  queue.put(2);
  assert.equal((await queue[Symbol.asyncIterator]().next()).value, 2);
  assert.equal(queue.dropped, 0);
});
