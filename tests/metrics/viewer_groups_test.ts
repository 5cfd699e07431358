import assert from "node:assert/strict";
import fc from "fast-check";
import type { Quality } from "../../src/media/rendition.ts";
import type { Why } from "../../src/live_messages.ts";
import { groupViewers } from "../../src/metrics/viewer_groups.ts";

const quality = fc.oneof(fc.constant<Quality>("source"), fc.integer({ min: 1, max: 100 }));
const why = fc.constantFrom<Why>("chosen", "motion", "link", "uplink", "reader");

Deno.test("viewer groups hold every viewer once, and are always the same groups", () => {
  const names = (groups: ReturnType<typeof groupViewers>) =>
    groups.map(({ quality, why }) => `${quality} ${why}`);
  const empty = names(groupViewers([]));
  fc.assert(fc.property(fc.array(fc.record({ quality, why })), (deliveries) => {
    const groups = groupViewers(deliveries.map((delivery) => ({ delivery })));
    assert.deepEqual(names(groups), empty);
    assert.equal(groups.reduce((sum, { viewers }) => sum + viewers, 0), deliveries.length);
  }));
  assert.equal(new Set(empty).size, 55);
});

for (const [given, group] of [[1, "10"], [20, "20"], [46, "50"], [100, "100"]] as const) {
  Deno.test(`viewer groups count quality ${given} as ${group}`, () => {
    const groups = groupViewers([{ delivery: { quality: given, why: "link" } }]);
    assert.deepEqual(groups.filter(({ viewers }) => viewers > 0), [
      { quality: group, why: "link", viewers: 1 },
    ]);
  });
}
