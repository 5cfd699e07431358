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

const told = (detail: unknown) => Response.json({ detail });

Deno.test("why a socket is refused is said once another one was, too", async () => {
  const { refusal, reasons, asked } = setUp(told("Add a line"), told("Add a line"));
  await refusal.refused();
  assert.deepEqual([reasons, asked], [[], ["POST live"]]);
  await refusal.refused();
  assert.deepEqual(reasons, ["Add a line"]);
  refusal.connected();
  assert.deepEqual(reasons, ["Add a line", ""]);
});

Deno.test("why a socket is refused is not said of a server that was only away", async () => {
  const { refusal, reasons } = setUp(new Error("away"), told("Add a line"));
  await refusal.refused();
  const late = refusal.refused();
  refusal.connected();
  await late;
  await refusal.refused();
  assert.deepEqual(reasons, [""], "an answer of before the connection counts no more");
});

Deno.test("why a socket is refused stays open where something else answers", async () => {
  const { refusal, reasons } = setUp(new Response("<h1>Bad gateway</h1>"), told(7), told("Full"));
  for (let i = 0; i < 3; i++) await refusal.refused();
  assert.deepEqual(reasons, []);
});
