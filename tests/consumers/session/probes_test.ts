import assert from "node:assert/strict";
import { Probes } from "../../../src/consumers/session/probes.ts";

const WHO = { first: {}, second: {}, third: {} };

Deno.test("Probes names those who probe and have less", () => {
  const probes = new Probes();
  probes.begin(WHO.first, 2e6, 1000);
  probes.begin(WHO.second, 5e6, 1000);
  assert.deepEqual([...probes.below(4e6, 500)], [WHO.first]);
  assert.deepEqual([...probes.below(6e6, 500)], [WHO.first, WHO.second]);
  assert.deepEqual([...probes.below(2e6, 500)], []);
});

Deno.test("Probes are noticed a little longer than they last, and no longer", () => {
  const probes = new Probes();
  probes.begin(WHO.first, 2e6, 1000);
  assert.deepEqual([...probes.below(4e6, 1200)], [WHO.first]);
  assert.deepEqual([...probes.below(4e6, 2000)], []);
  probes.begin(WHO.second, 2e6, 9000);
  probes.end(WHO.second, 3000);
  assert.deepEqual([...probes.below(4e6, 3100)], [WHO.second]);
  assert.deepEqual([...probes.below(4e6, 4000)], []);
});

Deno.test("Probes take the end of what never began for nothing", () => {
  const probes = new Probes();
  probes.end(WHO.third, 100);
  assert.deepEqual([...probes.below(Infinity, 100)], []);
});
