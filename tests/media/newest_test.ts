import assert from "node:assert/strict";
import { Newest } from "../../src/media/newest.ts";

Deno.test("newest hands every item to a reader that keeps up, until the end", async () => {
  const newest = new Newest<number>();
  const taken: number[] = [];
  const reading = (async () => {
    for await (const item of newest) {
      taken.push(item);
      if (item < 3) newest.put(item + 1);
      else newest.end();
    }
  })();
  newest.put(1);
  await reading;
  assert.deepEqual(taken, [1, 2, 3]);
  assert.equal(newest.dropped, 0);
});

Deno.test("newest drops and counts items that a slow reader does not take in time", async () => {
  const newest = new Newest<number>();
  for (const item of [1, 2, 3]) newest.put(item);
  newest.end();
  newest.put(4);
  assert.deepEqual(await Array.fromAsync(newest), [3]);
  assert.equal(newest.dropped, 2);
});
