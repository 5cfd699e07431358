import assert from "node:assert/strict";
import type { Outcome } from "../../../tools/test/report.ts";
import { passedAtSecondTry, summarize } from "../../../tools/test/summary.ts";

const outcome = (name: string, result: Outcome["result"], seconds = 1): Outcome => (
  { file: `tests/${name[0]}_test.ts`, name, result, seconds }
);
const nothing = { broken: [], flaky: [], repeated: [], seconds: 83.4 };

Deno.test("summary names slowest files and skipped tests, and ends with the counts", () => {
  const outcomes = [
    outcome("a1", "passed"),
    outcome("a2", "passed", 2),
    outcome("b", "skipped", 0),
  ];
  assert.deepEqual(summarize({ ...nothing, outcomes }), {
    failed: 0,
    text: `
Slowest files:
     3.0 s  tests/a_test.ts
     0.0 s  tests/b_test.ts
Skipped:
  b
83 s in all
2 passed, 0 failed
`,
  });
});

Deno.test("summary counts a file that does not load as one failure", () => {
  const outcomes = [outcome("a", "passed"), outcome("b", "failed")];
  const { text, failed } = summarize({ ...nothing, outcomes, broken: ["tests/c_test.ts"] });
  assert.equal(failed, 2);
  assert.ok(text.includes("\nFailed:\n  tests/b_test.ts: b\n  tests/c_test.ts\n"));
  assert.ok(text.endsWith("\n1 passed, 2 failed\n"));
});

Deno.test("summary counts a test that passed at the second try as passed, and names it", () => {
  const outcomes = [outcome("a", "failed"), outcome("b", "failed")];
  const flaky = passedAtSecondTry(outcomes, [outcome("a", "passed"), outcome("b", "failed")]);
  const { text } = summarize({ ...nothing, outcomes, flaky });
  const title = "Failed at first, passed when run alone (flaky: 1):";
  assert.ok(text.includes(`\n${title}\n  tests/a_test.ts: a\n`));
  assert.ok(text.endsWith("\n1 passed, 1 failed\n"));
});

Deno.test("summary counts a test that needed a second try in two runs as failed", () => {
  const outcomes = [outcome("a", "failed"), outcome("b", "passed")];
  const run = { ...nothing, outcomes, flaky: [outcomes[0]], repeated: ["tests/a_test.ts: a"] };
  const { text, failed } = summarize(run);
  assert.equal(failed, 1);
  const title = "Flaky in the last run of this commit too, so they fail:";
  assert.ok(text.includes(`\n${title}\n  tests/a_test.ts: a\n`));
  assert.ok(text.endsWith("\n1 passed, 1 failed\n"));
});
