import assert from "node:assert/strict";
import { SavedValue } from "../../../static/js/studio/saved_value.js";

/** A value whose requests the test answers. */
function stage(initial: number) {
  const sent: number[] = [];
  let answer = (_isTaken: boolean) => {};
  let changes = 0;
  const time = { now: 0 };
  const value = new SavedValue({
    initial,
    send(wanted: number) {
      sent.push(wanted);
      return new Promise<boolean>((resolve) => answer = resolve);
    },
    onChange: () => changes++,
    clock: { monotonic: () => time.now },
  });
  const answered = async (isTaken: boolean) => {
    answer(isTaken);
    for (let i = 0; i < 5; i++) await Promise.resolve();
  };
  return { value, sent, answered, changes: () => changes, time };
}

Deno.test("saved value changes only once the server took it", async () => {
  const { value, sent, answered } = stage(0);
  value.choose(5);
  assert.deepEqual([value.saved, value.wanted, value.isSending, sent], [0, 5, true, [5]]);
  await answered(true);
  assert.deepEqual([value.saved, value.wanted, value.isSending], [5, 5, false]);
});

Deno.test("saved value stays as it was if the server refuses the new one", async () => {
  const { value, sent, answered } = stage(1);
  value.choose(2);
  await answered(false);
  assert.deepEqual([value.saved, value.wanted, value.isSending, sent], [1, 1, false, [2]]);
});

Deno.test("saved value sends only the newest of the values chosen during a request", async () => {
  for (const isTaken of [true, false]) {
    const { value, sent, answered } = stage(0);
    for (const wanted of [1, 2, 3]) value.choose(wanted);
    assert.deepEqual(sent, [1]);
    await answered(isTaken);
    assert.deepEqual(sent, [1, 3]);
    await answered(true);
    assert.deepEqual([value.saved, value.wanted, value.isSending, sent], [3, 3, false, [1, 3]]);
  }
});

Deno.test("saved value that is chosen back during a request is sent back", async () => {
  const { value, sent, answered } = stage(0);
  value.choose(1);
  value.choose(0);
  await answered(true);
  assert.deepEqual(sent, [1, 0]);
  await answered(true);
  assert.equal(value.saved, 0);
});

Deno.test("saved value follows the server, except during a request", async () => {
  const { value, answered, changes, time } = stage(0);
  value.receive(4);
  assert.deepEqual([value.saved, value.wanted, changes()], [4, 4, 1]);
  value.receive(4);
  assert.equal(changes(), 1, "nothing changed");
  value.choose(7);
  value.receive(4);
  assert.equal(value.wanted, 7);
  await answered(true);
  value.receive(4);
  assert.equal(value.wanted, 7, "a report from before the answer");
  time.now += 700;
  value.receive(2);
  assert.deepEqual([value.saved, value.wanted], [2, 2]);
});
