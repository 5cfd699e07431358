import assert from "node:assert/strict";
import { countRestart, pauseBefore, writeHandover } from "../../src/watchdog/handover.ts";
import { readHandover } from "../../src/watchdog/take_over.ts";

const HANDOVER = { adminToken: 'a "token" of mine', port: 8081, restarts: 2, offAir: true };

Deno.test("handover is read by the next process as it was written", () => {
  assert.deepEqual(readHandover(writeHandover(HANDOVER)), HANDOVER);
});

Deno.test("handover is null if it is damaged or missing", () => {
  const texts = [
    ...[undefined, "", "{", "null", "[]", '"token"', "{}"],
    ...[{ port: 0 }, { port: 65_536 }, { port: "8081" }, { adminToken: "" }, { restarts: 0 }]
      .map((wrong) => JSON.stringify({ ...HANDOVER, ...wrong })),
  ];
  for (const text of texts) assert.equal(readHandover(text), null, text);
});

Deno.test("restarts follow at once three times, then once a minute", () => {
  let restarts = 0;
  const pauses = Array.from({ length: 5 }, () => {
    restarts = countRestart(restarts, 30_000);
    return pauseBefore(restarts);
  });
  assert.deepEqual(pauses, [0, 0, 0, 60_000, 60_000]);
});

Deno.test("restart after a run of ten minutes counts as the first", () => {
  assert.equal(countRestart(7, 599_999), 8);
  assert.equal(countRestart(7, 600_000), 1);
});
