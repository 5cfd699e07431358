import assert from "node:assert/strict";
import { Trials } from "../../../src/consumers/session/trials.ts";

const WHO = { first: {}, second: {}, third: {} };

Deno.test("Trials names those who try and have less", () => {
  const trials = new Trials();
  trials.begin(WHO.first, 2e6, 1000);
  trials.begin(WHO.second, 5e6, 1000);
  assert.deepEqual([...trials.below(4e6, 500)], [WHO.first]);
  assert.deepEqual([...trials.below(6e6, 500)], [WHO.first, WHO.second]);
  assert.deepEqual([...trials.below(2e6, 500)], []);
});

Deno.test("Trials are felt a little longer than they last, and no longer", () => {
  const trials = new Trials();
  trials.begin(WHO.first, 2e6, 1000);
  assert.deepEqual([...trials.below(4e6, 1200)], [WHO.first]);
  assert.deepEqual([...trials.below(4e6, 2000)], []);
  trials.begin(WHO.second, 2e6, 9000);
  trials.end(WHO.second, 3000);
  assert.deepEqual([...trials.below(4e6, 3100)], [WHO.second]);
  assert.deepEqual([...trials.below(4e6, 4000)], []);
});

Deno.test("Trials take the end of what never began for nothing", () => {
  const trials = new Trials();
  trials.end(WHO.third, 100);
  assert.deepEqual([...trials.below(Infinity, 100)], []);
});
