import assert from "node:assert/strict";
import { BoundedMap } from "../src/bounded_map.ts";

Deno.test("bounded map forgets the entry that was set longest ago, and returns it", () => {
  const map = new BoundedMap<string, number>(2);
  assert.equal(map.set("a", 1), null);
  assert.equal(map.set("b", 2), null);
  assert.deepEqual(map.set("c", 3), ["a", 1]);
  assert.deepEqual([...map], [["b", 2], ["c", 3]]);
});

Deno.test("bounded map makes an entry the newest when it is set again, not when it is read", () => {
  const map = new BoundedMap<string, number>(2);
  map.set("a", 1);
  map.set("b", 2);
  assert.equal(map.get("a"), 1);
  assert.deepEqual(map.set("c", 3), ["a", 1]);
  assert.equal(map.set("b", 4), null);
  assert.deepEqual(map.set("d", 5), ["c", 3]);
  assert.deepEqual([...map], [["b", 4], ["d", 5]]);
});

Deno.test("bounded map has room again after an entry is deleted", () => {
  const map = new BoundedMap<string, number>(2);
  map.set("a", 1);
  map.set("b", 2);
  map.delete("a");
  assert.equal(map.has("a"), false);
  assert.equal(map.set("c", 3), null);
  assert.equal(map.has("b"), true);
});
