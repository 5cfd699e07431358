import assert from "node:assert/strict";
import { brokenFiles, type Outcome, readReport } from "../../../tools/test/report.ts";

const report = (cases: string) =>
  `<?xml version="1.0" encoding="UTF-8"?>
<testsuites name="deno test"><testsuite name="./tests/a_test.ts">${cases}</testsuite></testsuites>`;

const outcome = (file: string, result: Outcome["result"]): Outcome => (
  { file, name: "a", result, seconds: 0 }
);

Deno.test("readReport reads each test's name, result and time", () => {
  const cases = `
    <testcase name="a &lt; b &amp;&amp; &quot;c&quot;" time="1.5"></testcase>
    <testcase name="fails" time="0.25"><failure message="No">No</failure></testcase>
    <testcase name="is skipped" time="0"><skipped/></testcase>
    <testcase name="is not finished" time="0"><error message="Cancelled"/></testcase>`;
  const file = "tests/a_test.ts";
  assert.deepEqual(readReport(report(cases)), [
    { file, name: 'a < b && "c"', result: "passed", seconds: 1.5 },
    { file, name: "fails", result: "failed", seconds: 0.25 },
    { file, name: "is skipped", result: "skipped", seconds: 0 },
    { file, name: "is not finished", result: "cancelled", seconds: 0 },
  ]);
});

Deno.test("readReport takes steps for parts of their test, whatever the names", () => {
  const cases = ["a &gt; b", "c", "a &gt; b &gt; step", "a &gt; b &gt; step &gt; deeper"]
    .map((name) => `<testcase name="${name}" time="0"></testcase>`).join("");
  assert.deepEqual(readReport(report(cases)).map(({ name }) => name), ["a > b", "c"]);
});

Deno.test("readReport takes steps that a helper's file declares for parts of their test", () => {
  const suite = (file: string, name: string) =>
    `<testsuite name="./tests/${file}"><testcase name="${name}" time="1"></testcase></testsuite>`;
  const xml = `<testsuites>${suite("a_test.ts", "a")}${
    suite("helper.ts", "a &gt; b")
  }</testsuites>`;
  assert.deepEqual(readReport(xml).map(({ file, name }) => [file, name]), [
    ["tests/a_test.ts", "a"],
  ]);
});

Deno.test("readReport of no tests is empty", () => {
  assert.deepEqual(readReport('<?xml version="1.0"?><testsuites></testsuites>'), []);
});

Deno.test("brokenFiles are those without a test, or with one that did not finish", () => {
  const outcomes = [outcome("a", "passed"), outcome("b", "cancelled"), outcome("c", "failed")];
  assert.deepEqual(brokenFiles(["a", "b", "c", "d"], outcomes), ["b", "d"]);
  assert.deepEqual(brokenFiles(["a", "c"], outcomes), []);
});

Deno.test("brokenFiles are all where nothing shows which one it is", () => {
  assert.deepEqual(brokenFiles(["a", "b"], [outcome("a", "passed"), outcome("b", "skipped")]), [
    "a b",
  ]);
});
