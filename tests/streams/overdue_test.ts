import assert from "node:assert/strict";
import { OVERDUE_MS, OverdueRenditions } from "../../src/streams/overdue.ts";
import { SOURCE } from "../../src/media/rendition.ts";

const LOW = SOURCE.with({ quality: 20 });

Deno.test("a rendition is overdue when it was asked for again and again for two seconds", () => {
  const overdue = new OverdueRenditions();
  for (let now = 0; now < OVERDUE_MS; now += 100) assert.equal(overdue.wanted(LOW, now), false);
  assert.equal(overdue.wanted(LOW, OVERDUE_MS), true);
  assert.equal(overdue.wanted(SOURCE, OVERDUE_MS), false);
  overdue.made(LOW);
  assert.equal(overdue.wanted(LOW, OVERDUE_MS + 1), false);
});

Deno.test("a rendition that nobody asked for in the meantime is not overdue", () => {
  const overdue = new OverdueRenditions();
  overdue.wanted(LOW, 0);
  assert.equal(overdue.wanted(LOW, OVERDUE_MS), false);
  overdue.tick(2 * OVERDUE_MS - 1);
  assert.equal(overdue.wanted(LOW, 2 * OVERDUE_MS - 1), false);
  assert.equal(overdue.wanted(LOW, 2 * OVERDUE_MS), true);
  overdue.tick(3 * OVERDUE_MS);
  assert.equal(overdue.wanted(LOW, 3 * OVERDUE_MS), false);
});

Deno.test("a clock that is set back makes no rendition overdue", () => {
  const overdue = new OverdueRenditions();
  overdue.wanted(LOW, 1e9);
  assert.equal(overdue.wanted(LOW, 0), false);
});
