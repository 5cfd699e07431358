import assert from "node:assert/strict";
import { Repeats } from "../../src/log/repeats.ts";

function setUp() {
  const clock = { now: 0 };
  const repeats = new Repeats({ monotonic: () => clock.now });
  const tell = (message: string) =>
    repeats.take({ level: "warn", message, fields: {} }).map((entry) => entry.message);
  const told = (entries: readonly { message: string }[]) => entries.map(({ message }) => message);
  return { clock, repeats, tell, told };
}

Deno.test("repeats lets five of a message through, whatever its numbers", () => {
  const { tell } = setUp();
  for (let i = 0; i < 5; i++) {
    assert.deepEqual(tell(`Frame ${i} of 10.0.0.${i}`), [
      `Frame ${i} of 10.0.0.${i}`,
    ]);
  }
  assert.deepEqual(tell("Frame 1234 of 10.0.0.9"), []);
  assert.deepEqual(tell("Frame lost"), ["Frame lost"]);
});

Deno.test("repeats distinguishes levels", () => {
  const { repeats, tell } = setUp();
  for (let i = 0; i < 9; i++) tell("Full");
  assert.equal(repeats.take({ level: "error", message: "Full", fields: {} }).length, 1);
});

Deno.test("repeats gives one summary a minute while it goes on, and lets it through afterwards", () => {
  const { clock, repeats, tell, told } = setUp();
  const lines: string[] = [];
  for (let second = 0; second < 180; second++) {
    clock.now = second * 1000;
    lines.push(...tell("Full"));
  }
  assert.deepEqual(lines, [
    ...Array(5).fill("Full"),
    "Full (repeated 55 times more in the last 60 s)",
    "Full (repeated 60 times more in the last 60 s)",
  ]);
  clock.now += 60_000;
  assert.deepEqual(told(repeats.settle()), ["Full (repeated 60 times more in the last 119 s)"]);
  clock.now += 60_000;
  assert.deepEqual(told(repeats.settle()), []);
  assert.deepEqual(tell("Full"), ["Full"]);
});

Deno.test("repeats is bounded: it reports what it forgets", () => {
  const { repeats, tell, told } = setUp();
  for (let i = 0; i < 7; i++) tell("first");
  const lines: string[] = [];
  const names = Array.from({ length: 10_000 }, (_, i) => i.toString(36).replace(/\d/g, "é"));
  for (const name of new Set(names)) lines.push(...tell(name));
  assert(lines.includes("first (repeated 2 times more in the last 1 s)"));
  assert.deepEqual(told(repeats.flush()), []);
});
