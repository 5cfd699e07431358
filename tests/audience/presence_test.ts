import assert from "node:assert/strict";
import { type Countable, Presence } from "../../src/audience/presence.ts";

Deno.test("a browser counts once while it has a page or a stream open, a program for each stream", () => {
  const origin = "127.0.0.1";
  const streams: Countable[] = [];
  const presence = new Presence(() => streams, 50);
  assert.equal(presence.count, 0);
  const [page, otherTab] = [{}, {}];
  presence.arrive(page, { id: "ann", origin });
  assert.equal(presence.count, 1, "a paused page has no stream");
  streams.push(...["ann", "ann", null, null, "bob"].map((id) => ({ id, origin })));
  presence.arrive(otherTab, { id: "ann", origin });
  assert.equal(presence.count, 4);
  presence.leave(page);
  assert.equal(presence.count, 4);
  streams.length = 0;
  assert.equal(presence.count, 1);
  presence.leave(otherTab);
  presence.leave({});
  assert.equal(presence.count, 0);
});

Deno.test("made-up cookies of one address count no more than it may have viewers", () => {
  const home = "192.0.2.1";
  const streams: Countable[] = [{ id: "ann", origin: home }, { id: null, origin: home }];
  const presence = new Presence(() => streams, 3);
  for (let i = 0; i < 60; i++) presence.arrive({}, { id: `forged ${i}`, origin: home });
  assert.equal(presence.count, 3);
  presence.arrive({}, { id: "bob", origin: "192.0.2.2" });
  presence.arrive({}, { id: "ann", origin: "192.0.2.2" });
  assert.equal(presence.count, 4, "others still count, and a browser with two addresses once");
});
