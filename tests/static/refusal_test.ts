import assert from "node:assert/strict";
import { Refusal } from "../../static/js/refusal.js";

function setUp(...answers: (Response | Error)[]) {
  const reasons: string[] = [];
  const asked: unknown[] = [];
  const refusal = new Refusal((reason) => reasons.push(reason), (url, { method }) => {
    asked.push(`${method} ${url}`);
    const answer = answers.shift() ?? new Error("away");
    return answer instanceof Error ? Promise.reject(answer) : Promise.resolve(answer);
  });
  return { refusal, reasons, asked };
}

const problem = (detail: unknown) => Response.json({ detail });

Deno.test("refusal reports its reason after a second refusal", async () => {
  const { refusal, reasons, asked } = setUp(problem("Add a line"), problem("Add a line"));
  await refusal.refused();
  assert.deepEqual([reasons, asked], [[], ["POST live"]]);
  await refusal.refused();
  assert.deepEqual(reasons, ["Add a line"]);
  refusal.connected();
  assert.deepEqual(reasons, ["Add a line", ""]);
});

Deno.test("refusal reports nothing about a server that was only away", async () => {
  const { refusal, reasons } = setUp(new Error("away"), problem("Add a line"));
  await refusal.refused();
  const late = refusal.refused();
  refusal.connected();
  await late;
  await refusal.refused();
  assert.deepEqual(reasons, [""], "an answer of before the connection counts no more");
});

Deno.test("refusal reports no reason if something else answers", async () => {
  const { refusal, reasons } = setUp(
    new Response("<h1>Bad gateway</h1>"),
    problem(7),
    problem("Full"),
  );
  for (let i = 0; i < 3; i++) await refusal.refused();
  assert.deepEqual(reasons, []);
});
