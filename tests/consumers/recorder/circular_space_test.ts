import assert from "node:assert/strict";
import fc from "fast-check";
import { CircularSpace, type Region } from "../../../src/consumers/recorder/circular_space.ts";

Deno.test("circular space begins again at its start once the oldest regions are free", () => {
  const space = new CircularSpace(100);
  const first = space.take(40) as Region;
  const second = space.take(40) as Region;
  assert.deepEqual([first, second], [{ from: 0, to: 40 }, { from: 40, to: 80 }]);
  assert.equal(space.take(40), "full");
  space.free(first);
  assert.deepEqual(space.take(40), { from: 0, to: 40 });
  assert.equal(space.take(1), "full");
  assert.equal(space.used, 80);
});

Deno.test("circular space jumps over what is held, though it is free", () => {
  const space = new CircularSpace(100);
  const regions = [0, 1, 2, 3, 4].map(() => space.take(20) as Region);
  space.hold(regions[1]);
  for (const region of regions.slice(0, 3)) space.free(region);
  assert.deepEqual(space.take(20), { from: 0, to: 20 });
  assert.deepEqual(space.take(20), { from: 40, to: 60 });
  space.release(regions[1]);
  assert.equal(space.take(20), "full");
});

Deno.test("circular space is blocked by what is held, not full", () => {
  const space = new CircularSpace(100);
  const region = space.take(60) as Region;
  space.hold(region);
  space.free(region);
  assert.equal(space.take(50), "blocked");
  assert.equal(space.take(101), "blocked");
  assert.deepEqual(space.take(40), { from: 60, to: 100 });
});

Deno.test("circular space never hands out what is taken or held, and always goes on", () => {
  const step = fc.record({
    length: fc.integer({ min: 1, max: 60 }),
    hold: fc.integer({ min: 0, max: 5 }),
    release: fc.boolean(),
  });
  fc.assert(fc.property(fc.array(step, { maxLength: 200 }), (steps) => {
    const space = new CircularSpace(100);
    const taken: Region[] = [];
    const held: Region[] = [];
    for (const { length, hold, release } of steps) {
      let region = space.take(length);
      while (region === "full") {
        assert(taken.length > 0, "full although nothing is taken");
        space.free(taken.shift()!);
        region = space.take(length);
      }
      if (region === "blocked") {
        assert(held.length > 0, "blocked although nothing is held");
      } else {
        const { from, to } = region;
        assert(from >= 0 && to <= 100 && to - from === length);
        for (const other of [...taken, ...held]) {
          assert(other.to <= from || other.from >= to, "overlaps");
        }
        taken.push(region);
      }
      if (taken[hold]) {
        space.hold(taken[hold]);
        held.push(taken[hold]);
      }
      if (release && held.length > 0) space.release(held.shift()!);
      assert.equal(space.used, taken.reduce((sum, { from, to }) => sum + to - from, 0));
    }
  }));
});
