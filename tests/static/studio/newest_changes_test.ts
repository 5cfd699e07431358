import assert from "node:assert/strict";
import { NewestChanges } from "../../../static/js/studio/newest_changes.js";

/** Changes whose sending the test ends. */
function stage() {
  const sent: [string, number][] = [];
  let end = () => {};
  const changes = new NewestChanges((name, value) => {
    sent.push([name, value]);
    return new Promise((resolve) => end = resolve);
  });
  const ended = async () => {
    end();
    for (let i = 0; i < 5; i++) await Promise.resolve();
  };
  return { changes, sent, ended };
}

Deno.test("a dragged slider sends its first value, and then the newest", async () => {
  const { changes, sent, ended } = stage();
  for (let value = 1; value <= 60; value++) changes.put("brightness", value);
  assert.deepEqual(sent, [["brightness", 1]]);
  assert.equal(changes.isWaiting("brightness"), true);
  await ended();
  assert.deepEqual(sent, [["brightness", 1], ["brightness", 60]]);
  assert.equal(changes.isWaiting("brightness"), false);
  await ended();
  assert.equal(sent.length, 2);
});

Deno.test("changes to several controls are all sent, one after another", async () => {
  const { changes, sent, ended } = stage();
  changes.put("a", 1);
  changes.put("b", 2);
  changes.put("c", 3);
  changes.put("b", 4);
  for (let i = 0; i < 3; i++) await ended();
  assert.deepEqual(sent, [["a", 1], ["b", 4], ["c", 3]]);
  changes.put("a", 5);
  assert.deepEqual(sent.at(-1), ["a", 5]);
  await ended();
});
