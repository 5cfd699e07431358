import assert from "node:assert/strict";
import type { Descriptors } from "../../../src/net/connections/sockets.ts";
import { FloodWatch } from "../../../src/net/connections/flood_watch.ts";

const KB = 1024;

/** A watch over connections of which the test says what has come over them, by key. */
function create(received: Record<string, number>) {
  const cuts: string[] = [];
  let looks = 0;
  const watch = new FloodWatch({
    look(): Descriptors {
      looks++;
      return new Map(Object.keys(received).map((key, i) => [key, i]));
    },
    transferOf: (key) => ({
      received: received[key],
      ...{ written: 0, acknowledged: 0, queued: 0, unsent: 0 },
    }),
    cut: (key) => cuts.push(key),
  });
  return { watch, cuts, looks: () => looks };
}

Deno.test("flood watch looks at nothing while the event loop runs", () => {
  const received = { a: 0 };
  const { watch, cuts, looks } = create(received);
  for (let i = 0; i < 100; i++) {
    received.a += 1024 * KB;
    assert.equal(watch.look(i, i * 100), 0);
  }
  assert.deepEqual([cuts, looks()], [[], 0]);
});

Deno.test("flood watch drops only clients that send much while the event loop is held up", () => {
  const received: Record<string, number> = { flood: 9e6, page: 9e6 };
  const { watch, cuts } = create(received);
  for (let now = 0; now <= 300; now += 100) assert.equal(watch.look(7, now), 0);
  received.flood += 33 * KB;
  received.page += 32 * KB;
  assert.equal(watch.look(7, 400), 1);
  assert.deepEqual(cuts, ["flood"]);
});

Deno.test("flood watch drops returning clients at once, for half a minute", () => {
  const received: Record<string, number> = {};
  const { watch, cuts } = create(received);
  for (let now = 0; now <= 300; now += 100) watch.look(7, now);
  received.again = 33 * KB;
  assert.equal(watch.look(8, 400), 1);
  received.later = 33 * KB;
  assert.equal(watch.look(9, 30_300), 0);
  received.later += 1e6;
  assert.equal(watch.look(10, 30_400), 0);
  assert.deepEqual(cuts, ["again"]);
});
