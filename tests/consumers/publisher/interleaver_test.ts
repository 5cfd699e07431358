import assert from "node:assert/strict";
import fc from "fast-check";
import { Interleaver } from "../../../src/consumers/publisher/interleaver.ts";

interface Item {
  readonly at: number;
  readonly of: "picture" | "sound";
}

/** Gives items in this order of arrival, each at a moment of its own. Returns what came out. */
function interleaved(items: readonly Item[], now = () => 0) {
  const given: Item[] = [];
  const interleaver = new Interleaver<Item, Item>((item) => given.push(item), now);
  for (const item of items) interleaver[item.of](item);
  return { given, interleaver };
}

Deno.test("pictures and sound come in the order of their times, whichever arrives first", () => {
  const times = fc.array(fc.nat(1_000)).map((steps) => {
    let at = 0;
    return steps.map((step) => at += step);
  });
  fc.assert(fc.property(times, times, fc.infiniteStream(fc.boolean()), (one, two, order) => {
    const pictures = one.map((at): Item => ({ at, of: "picture" }));
    const sounds = two.map((at): Item => ({ at, of: "sound" }));
    const queues = [[...pictures], [...sounds]];
    const arrival: Item[] = [];
    for (const isFirst of order) {
      const item = queues[isFirst ? 0 : 1].shift() ?? queues[isFirst ? 1 : 0].shift();
      if (!item) break;
      arrival.push(item);
    }
    const { given } = interleaved(arrival);
    assert.deepEqual(given.map(({ at }) => at), given.map(({ at }) => at).sort((a, b) => a - b));
    // Only the end of one of them may still wait.
    const end = Math.min(one.at(-1) ?? -1, two.at(-1) ?? -1);
    for (const item of arrival) if (item.at < end) assert.ok(given.includes(item));
  }));
});

Deno.test("pictures wait a second for sound, not longer", () => {
  let now = 0;
  const { given, interleaver } = interleaved([{ at: 5, of: "picture" }], () => now);
  now = 999;
  interleaver.tick();
  assert.equal(given.length, 0);
  now = 1_000;
  interleaver.tick();
  assert.equal(given.length, 1);
});
