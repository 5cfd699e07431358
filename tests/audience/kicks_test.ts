import assert from "node:assert/strict";
import { isSameViewer, KICK_MS, Kicks } from "../../src/audience/kicks.ts";

const ANNA = { id: "anna", client: "10.0.0.7", device: "Chrome on Android" };
const VLC = { id: null, client: "10.0.0.7", device: "VLC" };

function setUp() {
  let now = 1_000_000;
  const kicks = new Kicks({ monotonic: () => now, wall: () => now + 5 });
  return { kicks, pass: (milliseconds: number) => now += milliseconds };
}

Deno.test("kicks keep a viewer away for a minute, whatever device and address", () => {
  const { kicks, pass } = setUp();
  assert.equal(kicks.waitOf(ANNA), 0);
  kicks.add(ANNA);
  assert.equal(kicks.waitOf({ ...ANNA, client: "10.0.0.8", device: "VLC" }), KICK_MS);
  assert.equal(kicks.until(ANNA), 1_000_005 + KICK_MS);
  pass(KICK_MS - 1);
  assert.equal(kicks.waitOf(ANNA), 1);
  pass(1);
  assert.equal(kicks.waitOf(ANNA), 0);
  assert.equal(kicks.until(ANNA), 0);
});

Deno.test("kicks of a program without a cookie apply to that program at that address", () => {
  const { kicks } = setUp();
  kicks.add(VLC);
  assert.equal(kicks.waitOf(VLC), KICK_MS);
  assert.equal(kicks.waitOf({ ...VLC, device: "curl" }), 0);
  assert.equal(kicks.waitOf({ ...VLC, client: "10.0.0.8" }), 0);
  assert.equal(kicks.waitOf({ ...VLC, id: "ben" }), 0);
  assert(isSameViewer(VLC, { ...VLC }));
  assert(!isSameViewer(VLC, ANNA));
});
