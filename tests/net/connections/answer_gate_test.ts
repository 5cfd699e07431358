import assert from "node:assert/strict";
import { AnswerGate } from "../../../src/net/connections/answer_gate.ts";

Deno.test("answer gate lets 64 requests of a client in at a time, and the others in order", async () => {
  let now = 0;
  const gate = new AnswerGate({ monotonic: () => now });
  for (let i = 0; i < 64; i++) assert.equal(gate.enter("a"), null);
  const entered: number[] = [];
  const waits = [1, 2, 3].map((n) => gate.enter("a")!.then(() => entered.push(n)));
  assert.equal(gate.enter("b"), null, "it is another client's");
  now = 5;
  gate.leave("a", true);
  await waits[0];
  assert.deepEqual(entered, [1]);
  assert.equal(gate.progressAt("a"), 5);
  now = 9;
  gate.leave("a", false);
  await waits[1];
  assert.deepEqual(entered, [1, 2]);
  assert.equal(gate.progressAt("a"), 5, "what was not taken is no progress");
  for (let i = 0; i < 65; i++) gate.leave("a", true);
  assert.equal(gate.enter("a"), null);
});
