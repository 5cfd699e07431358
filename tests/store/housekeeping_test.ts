import assert from "node:assert/strict";
import { StoreError } from "../../src/channel/store.ts";
import { Housekeeping } from "../../src/store/housekeeping.ts";
import { FakeTime } from "../support/fake_time.ts";

/** Something untidy, each of whose messages takes so many milliseconds to delete. */
function untidy(time: { now: number }, { messages = 0, pages = 0, msPerMessage = 0.001 }) {
  const done: string[] = [];
  const steps: { at: number; count: number; took: number }[] = [];
  let extra = 0;
  const left = { messages, pages };
  return {
    done,
    steps,
    left,
    clock: { monotonic: () => time.now + extra },
    purgeSome(count: number) {
      if (left.messages === 0) return false;
      const deleted = Math.min(count, left.messages);
      left.messages -= deleted;
      left.pages += deleted;
      extra += deleted * msPerMessage;
      steps.push({ at: time.now, count, took: deleted * msPerMessage });
      done.push("purge");
      return true;
    },
    releasePages(count: number) {
      if (left.pages === 0) return false;
      left.pages -= Math.min(count, left.pages);
      done.push("release");
      return true;
    },
    /** Each step leaves so many pages in the log. */
    pagesOfStep: 100,
    checkpoint() {
      const steps = done.length - 1 - done.lastIndexOf("checkpoint");
      done.push("checkpoint");
      return steps * this.pagesOfStep;
    },
  };
}

Deno.test("Housekeeping deletes, then shrinks the file, and ends with a checkpoint", () => {
  using time = new FakeTime();
  const all = untidy(time, { messages: 150 });
  const housekeeping = new Housekeeping({ untidy: all, clock: all.clock });
  housekeeping.wake();
  housekeeping.wake();
  time.tick(10_000);
  assert.deepEqual(all.done, [
    ...["purge", "purge", "release", "release", "checkpoint"],
    ...["release", "checkpoint"],
  ]);
  assert.deepEqual(all.left, { messages: 0, pages: 0 });
});

Deno.test("Housekeeping does nothing if there is nothing to do", () => {
  using time = new FakeTime();
  const all = untidy(time, {});
  new Housekeeping({ untidy: all, clock: all.clock }).wake();
  time.tick(10_000);
  assert.deepEqual(all.done, []);
});

for (const msPerMessage of [0.001, 0.02, 0.2]) {
  Deno.test(`Housekeeping finds steps of a few milliseconds at ${msPerMessage} ms a message`, () => {
    using time = new FakeTime();
    const all = untidy(time, { messages: 20_000, msPerMessage });
    new Housekeeping({ untidy: all, clock: all.clock }).wake();
    time.tick(1e9);
    assert.equal(all.left.messages, 0);
    assert.equal(all.steps[0].count, 100);
    const settled = all.steps.slice(4);
    for (const { took } of settled) assert.ok(took <= 10, `${took}`);
    // The event loop is free at least twice as long as a step takes.
    settled.slice(1).forEach(({ at }, i) =>
      assert.ok(at - settled[i].at >= 2 * settled[i].took, JSON.stringify(settled[i]))
    );
  });
}

Deno.test("Housekeeping stops at once, and continues when it is woken", () => {
  using time = new FakeTime();
  const all = untidy(time, { messages: 300 });
  const housekeeping = new Housekeeping({ untidy: all, clock: all.clock });
  housekeeping.wake();
  time.tick(5);
  housekeeping.stop();
  time.tick(10_000);
  assert.equal(all.left.messages, 200);
  housekeeping.wake();
  time.tick(10_000);
  assert.equal(all.left.messages, 0);
});

Deno.test("Housekeeping tries again a minute after the store failed", () => {
  using time = new FakeTime();
  const all = untidy(time, { messages: 10 });
  let isFull = true;
  const purgeSome = (count: number) => {
    if (isFull) throw new StoreError("This could not be saved: the disk is full");
    return all.purgeSome(count);
  };
  new Housekeeping({ untidy: { ...all, purgeSome }, clock: all.clock }).wake();
  time.tick(1_000);
  isFull = false;
  time.tick(50_000);
  assert.equal(all.left.messages, 10);
  time.tick(20_000);
  assert.equal(all.left.messages, 0);
});

for (const [pagesOfStep, steps] of [[1, 32], [25, 8], [100, 4], [200, 2], [1_000, 1]] as const) {
  Deno.test(`Housekeeping makes a checkpoint every ${steps} steps of ${pagesOfStep} pages`, () => {
    using time = new FakeTime();
    const all = untidy(time, { messages: 1_000_000 });
    new Housekeeping({ untidy: Object.assign(all, { pagesOfStep }), clock: all.clock }).wake();
    time.tick(1e9);
    const kinds = all.done.map((kind) => kind === "checkpoint" ? "|" : ".").join("");
    const groups = kinds.split("|").slice(0, -2).map(({ length }) => length);
    assert.deepEqual(new Set(groups.slice(4)), new Set([steps]));
  });
}
