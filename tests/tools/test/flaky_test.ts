import assert from "node:assert/strict";
import { recordRun } from "../../../tools/test/flaky.ts";

const commit = "1f2e3d";

Deno.test("a test that needs a second try is recorded, and repeated in the next run of the commit", () => {
  const run = { commit, ran: ["a", "b"], flaky: ["a"] };
  const first = recordRun(undefined, run);
  assert.deepEqual(first, { record: { commit, tests: ["a"] }, repeated: [] });
  assert.deepEqual(recordRun(first.record, run), { record: first.record, repeated: ["a"] });
});

Deno.test("a test is no longer on record once it passed at the first try", () => {
  const { record } = recordRun({ commit, tests: ["a"] }, { commit, ran: ["a"], flaky: [] });
  assert.deepEqual(record, { commit, tests: [] });
});

Deno.test("a test stays on record while it does not run", () => {
  const run = { commit, ran: ["b"], flaky: ["b"] };
  const { record, repeated } = recordRun({ commit, tests: ["a"] }, run);
  assert.deepEqual(record, { commit, tests: ["a", "b"] });
  assert.deepEqual(repeated, []);
});

Deno.test("what another commit needed does not count", () => {
  const run = { commit, ran: ["a"], flaky: ["a"] };
  const { record, repeated } = recordRun({ commit: "000000", tests: ["a", "b"] }, run);
  assert.deepEqual(record, { commit, tests: ["a"] });
  assert.deepEqual(repeated, []);
});
