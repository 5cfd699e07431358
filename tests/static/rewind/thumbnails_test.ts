import assert from "node:assert/strict";
import { Thumbnails } from "../../../static/js/rewind/thumbnails.js";
import { FakeTime } from "../../support/fake_time.ts";

function setUp() {
  const loads: { at: number; complete: boolean; done: (isLoaded: boolean) => void }[] = [];
  const thumbnails = new Thumbnails({
    load(at, done) {
      const image = { at, complete: false, done };
      loads.push(image);
      return image;
    },
    onLoad() {},
  });
  const loaded = () => loads.map(({ at }) => at);
  const finish = (image: (typeof loads)[number]) => {
    image.complete = true;
    image.done(true);
  };
  return { thumbnails, loads, loaded, finish };
}

Deno.test("thumbnails load at most four a second, and of those wanted meanwhile the last", () => {
  using time = new FakeTime();
  const { thumbnails, loaded } = setUp();
  for (let at = 10_000; at <= 20_000; at += 1000) thumbnails.get(at, 60_000);
  assert.deepEqual(loaded(), [10_000]);
  time.tick(250);
  assert.deepEqual(loaded(), [10_000, 20_000]);
  time.tick(1000);
  assert.deepEqual(loaded(), [10_000, 20_000]);
  assert.equal(time.timers, 0);
});

Deno.test("a thumbnail loads once, and is that of about a time", () => {
  using time = new FakeTime();
  const { thumbnails, loads, loaded, finish } = setUp();
  assert.equal(thumbnails.get(10_200, 60_000), null);
  assert.equal(thumbnails.get(9_800, 60_000), null);
  finish(loads[0]);
  time.tick(250);
  assert.equal(thumbnails.get(10_400, 60_000), loads[0]);
  assert.deepEqual(loaded(), [10_000]);
});

Deno.test("a long range has no more thumbnails than a hundred", () => {
  using time = new FakeTime();
  const { thumbnails, loads, loaded } = setUp();
  for (let at = 0; at < 3_600_000; at += 5000) {
    thumbnails.get(at, 3_600_000);
    time.tick(250);
  }
  assert.ok(new Set(loaded()).size <= 101, String(loads.length));
});

Deno.test("a thumbnail that failed is tried again", () => {
  using time = new FakeTime();
  const { thumbnails, loads, loaded } = setUp();
  thumbnails.get(10_000, 60_000);
  loads[0].done(false);
  time.tick(250);
  thumbnails.get(10_000, 60_000);
  assert.deepEqual(loaded(), [10_000, 10_000]);
});
