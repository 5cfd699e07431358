import assert from "node:assert/strict";
import fc from "fast-check";
import { LOOKS_PER_LIMIT, Standstill } from "../../src/watchdog/standstill.ts";

const LIMIT_MS = 20_000;

/** How many looks a counter stands still until it is noticed, if looks come so far apart. */
function looksUntilNoticed(gapMs: number): number {
  const standstill = new Standstill(LIMIT_MS);
  standstill.look(7, 0);
  for (let looks = 1;; looks++) {
    if (standstill.look(7, looks * gapMs)) return looks;
  }
}

Deno.test("standstill is a counter that rests for the limit, and not for less", () => {
  const standstill = new Standstill(LIMIT_MS);
  assert.equal(standstill.lookEveryMs, 1000);
  for (let second = 0; second < 20; second++) {
    assert.equal(standstill.look(7, 500_000 + second * 1000), false, `${second} s`);
  }
  assert.equal(standstill.look(7, 520_000), true);
});

Deno.test("standstill is no counter that moves once within the limit", () => {
  const standstill = new Standstill(LIMIT_MS);
  for (let second = 0; second < 200; second++) {
    assert.equal(standstill.look(Math.floor(second / 19), second * 1000), false, `${second} s`);
  }
});

Deno.test("standstill is no counter that wraps around", () => {
  const beats = new Int32Array([2 ** 31 - 1]);
  const standstill = new Standstill(LIMIT_MS);
  for (let second = 0; second < 100; second++) {
    assert.equal(standstill.look(Atomics.load(beats, 0), second * 1000), false);
    Atomics.add(beats, 0, 1);
  }
  assert.ok(beats[0] < 0);
});

Deno.test("standstill does not count time in which the observer itself slept", () => {
  const standstill = new Standstill(LIMIT_MS);
  standstill.look(7, 0);
  // Suspended for a day, then both run again.
  assert.equal(standstill.look(7, 86_400_000), false);
  assert.equal(standstill.look(8, 86_401_000), false);
  // Starved: a look in ten seconds counts for two.
  assert.equal(looksUntilNoticed(10_000), LOOKS_PER_LIMIT / 2);
  assert.equal(looksUntilNoticed(1_000), LOOKS_PER_LIMIT);
});

Deno.test("standstill is noticed after the limit, however far apart the looks are", () => {
  fc.assert(fc.property(
    fc.array(fc.integer({ min: 1, max: 100_000 }), { minLength: 50, maxLength: 200 }),
    (gaps) => {
      const standstill = new Standstill(LIMIT_MS);
      let at = 0, watched = 0;
      standstill.look(7, at);
      for (const gap of gaps) {
        at += gap;
        watched += Math.min(gap, 2000);
        assert.equal(standstill.look(7, at), watched >= LIMIT_MS);
      }
    },
  ));
});
