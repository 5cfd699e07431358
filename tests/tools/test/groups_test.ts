import assert from "node:assert/strict";
import { testFiles } from "../../../tools/test/files.ts";
import { isUnitTest, jobsFor, KINDS, LONGEST, MEASURING } from "../../../tools/test/groups.ts";

Deno.test("unit tests are those outside the folders of tests that need more than Deno", () => {
  assert.ok(isUnitTest("tests/http/guard_test.ts"));
  assert.ok(isUnitTest("tests/clock_test.ts"));
  assert.ok(!isUnitTest("tests/e2e/watch_test.ts"));
  assert.ok(!isUnitTest("tests/integration/http/restart_test.ts"));
});

Deno.test("jobs run every test file once", async () => {
  const root = new URL("../../../tests", import.meta.url).pathname;
  const files = (await testFiles(root)).map((file) => file.slice(root.length - "tests".length));
  const inJobs = jobsFor(files, 2).flatMap((job) => job.files);
  assert.deepEqual(inJobs.toSorted(), files.toSorted());
});

Deno.test("jobs start with unit tests, then with the longest files", () => {
  const files = ["tests/e2e/embed_test.ts", "tests/soak/soak_test.ts", "tests/clock_test.ts"];
  const order = jobsFor(files, 2).flatMap((job) => job.files);
  assert.deepEqual(order, [
    "tests/clock_test.ts",
    "tests/soak/soak_test.ts",
    "tests/e2e/embed_test.ts",
  ]);
});

Deno.test("files that are named for how they run exist", async () => {
  const root = new URL("../../../", import.meta.url);
  for (const file of [...Object.keys(KINDS), ...MEASURING, ...LONGEST]) {
    await Deno.stat(new URL(file, root));
  }
});

Deno.test("jobs have one file each, but for batches of unit tests", () => {
  const units = Array.from({ length: 20 }, (_, i) => `tests/net/${i}_test.ts`);
  const others = ["tests/faults/kill_test.ts", "tests/e2e/embed_test.ts"];
  const jobs = jobsFor([...others, ...units], 2);
  const batches = jobs.filter(({ files }) => files.every(isUnitTest));
  assert.equal(batches.length, 6);
  assert.ok(batches.every(({ kind, files }) => kind === "busy" && files.length >= 3));
  assert.deepEqual(jobs.slice(6), [
    { kind: "quiet", files: ["tests/faults/kill_test.ts"] },
    { kind: "busy", files: ["tests/e2e/embed_test.ts"] },
  ]);
});

Deno.test("a file's kind is its own, else that of its innermost folder", () => {
  const kindOf = (file: string) => jobsFor([file], 2)[0].kind;
  assert.equal(kindOf("tests/integration/producers/switch_test.ts"), "quiet");
  assert.equal(kindOf("tests/integration/transcode/worker_test.ts"), "busy");
  assert.equal(kindOf("tests/faults/crowd_test.ts"), "measuring");
  assert.equal(kindOf("tests/e2e/watch_test.ts"), "busy");
  assert.equal(kindOf("tests/e2e/watch_quality_test.ts"), "quiet");
});
