import assert from "node:assert/strict";
import { type Job, type Kind, nextJob } from "../../../tools/test/schedule.ts";

const jobs = (...kinds: Kind[]): Job[] =>
  kinds.map((kind, i) => ({ kind, files: [`${i}_test.ts`] }));

Deno.test("schedule starts as many jobs of each kind as there are cores, in their order", () => {
  const waiting = jobs("busy", "busy", "quiet", "quiet");
  const [first, second, third, fourth] = waiting;
  assert.equal(nextJob(waiting, [], 1), first);
  assert.equal(nextJob([second, third, fourth], [first], 1), third);
  assert.equal(nextJob([second, fourth], [first, third], 1), undefined);
  assert.equal(nextJob([second, fourth], [first, third], 2), second);
  assert.equal(nextJob([fourth], [first, second, third], 2), fourth);
});

Deno.test("schedule runs a measuring job last, and alone", () => {
  const [measuring, other, quiet] = jobs("measuring", "measuring", "quiet");
  assert.equal(nextJob([measuring, quiet], [], 2), quiet);
  assert.equal(nextJob([measuring, other], [quiet], 2), undefined);
  assert.equal(nextJob([measuring, other], [], 2), measuring);
  assert.equal(nextJob([other, quiet], [measuring], 2), undefined);
});

Deno.test("schedule has nothing to start when nothing waits", () => {
  assert.equal(nextJob([], [], 2), undefined);
});
