import assert from "node:assert/strict";
import { report, writeRows } from "./report.ts";
import { soak } from "./soak.ts";
import { judge } from "./verdict.ts";

Deno.test("a minute of visitors and faults loses nothing and leaves nothing behind", async () => {
  const seed = crypto.getRandomValues(new Uint32Array(1))[0];
  const record = await soak({ seconds: 60, people: 24, seed });
  const verdicts = judge(record);
  await writeRows(record, "soak_minute");
  const failed = verdicts.filter(({ holds }) => !holds).map(({ what }) => what);
  assert.deepEqual(failed, [], `seed ${seed}\n${report(record, verdicts)}`);
});
