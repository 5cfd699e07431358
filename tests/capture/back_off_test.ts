import assert from "node:assert/strict";
import { BackOff } from "../../src/capture/back_off.ts";

Deno.test("back-off grows to 10 s and begins anew after 2 s of pictures", () => {
  const backOff = new BackOff();
  const pauses = Array.from({ length: 7 }, () => backOff.next("other", 0));
  assert.deepEqual(pauses, [1_000, 2_000, 4_000, 8_000, 10_000, 10_000, 10_000]);
  assert.equal(backOff.next("other", 2_000), 1_000);
  assert.equal(backOff.next("other", 0), 2_000);
});

Deno.test("back-off grows for who gives a few pictures each time", () => {
  const backOff = new BackOff();
  const pauses = Array.from({ length: 5 }, () => backOff.next("other", 1_900));
  assert.deepEqual(pauses, [1_000, 2_000, 4_000, 8_000, 10_000]);
});

Deno.test("back-off looks for what is missing steadily, however often it failed", () => {
  const backOff = new BackOff();
  assert.equal(backOff.next("missing", 60_000), 1_000);
  for (let times = 0; times < 9; times++) backOff.next("other", 0);
  for (let times = 0; times < 9; times++) assert.equal(backOff.next("missing", 0), 1_500);
});
