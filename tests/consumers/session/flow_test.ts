import assert from "node:assert/strict";
import { Flow } from "../../../src/consumers/session/flow.ts";

function setUp() {
  const clock = { now: 10_000 };
  const flow = new Flow({ monotonic: () => clock.now });
  return {
    ...{ clock, flow },
    /** Gives frames for so long. */
    give(fps: number, milliseconds: number) {
      for (const end = clock.now + milliseconds; clock.now < end; clock.now += 1000 / fps) {
        flow.count();
      }
    },
  };
}

Deno.test("flow is expected before the first frame, and with it", () => {
  const { flow, give } = setUp();
  assert.equal(flow.isFlowing, true);
  give(30, 1);
  assert.equal(flow.isFlowing, true);
});

for (
  const [fps, isFlowing] of [[1, false], [2, false], [4, false], [6, true], [30, true]] as const
) {
  Deno.test(`flow at ${fps} frames a second is ${isFlowing}`, () => {
    const { flow, give } = setUp();
    give(fps, 5_000);
    flow.count();
    assert.equal(flow.isFlowing, isFlowing);
  });
}

Deno.test("flow ends with a card soon, and begins again with the seventh frame", () => {
  const { clock, flow, give } = setUp();
  give(30, 2_000);
  flow.count();
  clock.now += 400;
  assert.equal(flow.isFlowing, true);
  clock.now += 1;
  assert.equal(flow.isFlowing, false);
  give(1, 5_000);
  assert.equal(flow.isFlowing, false);
  give(30, 190);
  assert.equal(flow.isFlowing, false);
  flow.count();
  assert.equal(flow.isFlowing, true);
});

Deno.test("flow ends with a gap that nobody looked at", () => {
  const { clock, flow, give } = setUp();
  give(30, 2_000);
  clock.now += 5_000;
  flow.count();
  assert.equal(flow.isFlowing, false);
});

Deno.test("flow of a source at the limit does not swing", () => {
  const { clock, flow, give } = setUp();
  give(30, 1_000);
  const seen = new Set<boolean>();
  for (let i = 0; i < 100; i++) {
    flow.count();
    clock.now += i % 2 === 0 ? 150 : 230;
    seen.add(flow.isFlowing);
  }
  assert.deepEqual([...seen], [true]);
});
