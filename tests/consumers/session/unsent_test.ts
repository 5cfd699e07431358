import assert from "node:assert/strict";
import { Unsent } from "../../../src/consumers/session/unsent.ts";

Deno.test("Unsent counts what the kernel and the HTTP library hold, and what was written since", () => {
  const unsent = new Unsent();
  assert.equal(unsent.bytesAt(0, 5000, 8000), 0);
  // Of 10,000 bytes 2,000 have arrived, the kernel has 5,000 of which it sent 1,000, the library 3,000.
  unsent.take({ queued: 5000, unsent: 4000 }, 10_000, 2000, 100);
  assert.equal(unsent.bytesAt(100, 10_000, 0), 7000);
  assert.equal(unsent.bytesAt(150, 11_000, 80_000), 7500);
  assert.equal(unsent.bytesAt(180, 10_000, 8e6), 0);
});

Deno.test("Unsent does not trust an old report", () => {
  const unsent = new Unsent();
  unsent.take({ queued: 5000, unsent: 4000 }, 10_000, 5000, 100);
  assert.equal(unsent.bytesAt(301, 10_000, 0), 0);
});
