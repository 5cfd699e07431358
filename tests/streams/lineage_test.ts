import assert from "node:assert/strict";
import { Lineage } from "../../src/streams/lineage.ts";

Deno.test("a program that relays nothing names itself alone", () => {
  const { provenance, origin } = new Lineage("abc");
  assert.deepEqual(provenance, { via: "abc", origin: null });
  assert.equal(origin, null);
});

Deno.test("ids differ, and are what relays accept", () => {
  const ids = Array.from({ length: 100 }, () => new Lineage().id);
  assert.equal(new Set(ids).size, 100);
  for (const id of ids) assert.match(id, /^[0-9a-z]{8}$/);
});

Deno.test("a relay names itself first, and the page of the first program", () => {
  const lineage = new Lineage("abc");
  lineage.follow({ via: ["def", "ghi"], origin: "http://first/" });
  assert.deepEqual(lineage.provenance, { via: "abc, def, ghi", origin: "http://first/" });
});

Deno.test("a relay does not pass on a loopback address, but links to it", () => {
  for (const origin of ["http://127.0.0.1:8081/", "http://localhost/", "http://[::1]:8081/"]) {
    const lineage = new Lineage("abc");
    lineage.follow({ via: ["def"], origin });
    assert.deepEqual(lineage.provenance, { via: "abc, def", origin: null });
    assert.equal(lineage.origin, origin);
  }
});

Deno.test("an interrupted relay passes nothing on, but its chat is still at the origin", () => {
  const lineage = new Lineage("abc");
  lineage.follow({ via: ["def"], origin: "http://first/" });
  lineage.follow(null);
  assert.equal(lineage.provenance.via, "abc");
  assert.equal(lineage.origin, "http://first/");
  lineage.reset();
  assert.equal(lineage.origin, null);
});

Deno.test("another source has no origin, whether the relay before it was interrupted or not", () => {
  for (const isInterrupted of [true, false]) {
    const lineage = new Lineage("abc");
    lineage.follow({ via: ["def"], origin: "http://first/" });
    if (isInterrupted) lineage.follow(null);
    lineage.reset();
    assert.deepEqual(lineage.provenance, { via: "abc", origin: null });
    // The same program as before is relayed again.
    const upstream = { via: ["def"], origin: "http://first/" };
    lineage.follow(upstream);
    assert.deepEqual(lineage.provenance, { via: "abc, def", origin: "http://first/" });
  }
});
