import assert from "node:assert/strict";
import { until } from "./until.ts";

Deno.test("until returns the first wanted value", async () => {
  let asked = 0;
  const ask = () => Promise.resolve(++asked);
  assert.equal(await until("the third", ask, (value) => value === 3, { every: 1 }), 3);
  assert.equal(asked, 3);
});

Deno.test("until names what it waited for and the last value", async () => {
  const waiting = until("a viewer", () => ({ viewers: 0 }), ({ viewers }) => viewers > 0, {
    timeout: 20,
    every: 5,
  });
  await assert.rejects(waiting, { message: "Waited 0.02 s for a viewer: { viewers: 0 }" });
});

Deno.test("until ends with the error of the question", async () => {
  const waiting = until("anything", () => Promise.reject(new Error("The server is gone")));
  await assert.rejects(waiting, { message: "The server is gone" });
});
