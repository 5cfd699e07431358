import assert from "node:assert/strict";
import fc from "fast-check";
import { Continuity } from "../../../static/js/video/continuity.js";

Deno.test("a packet is accepted only after the one before it, or if it is a key", () => {
  const step = fc.record({
    isKey: fc.boolean(),
    skipped: fc.nat({ max: 2 }),
    isInterrupted: fc.boolean(),
  });
  fc.assert(fc.property(fc.array(step), (steps) => {
    const continuity = new Continuity();
    let index = 0;
    let accepted: number | null = null;
    for (const { isKey, skipped, isInterrupted } of steps) {
      if (isInterrupted) {
        continuity.interrupt();
        accepted = null;
      }
      index += 1 + skipped;
      const isDecodable: boolean = isKey || accepted === index - 1;
      assert.equal(continuity.accept({ index, isKey }), isDecodable);
      accepted = isDecodable ? index : null;
    }
  }));
});
