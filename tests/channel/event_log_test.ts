import assert from "node:assert/strict";
import fc from "fast-check";
import type { DonationEvents } from "../../src/channel/donations.ts";
import { EventLog } from "../../src/channel/event_log.ts";
import { Emitter } from "../../src/events.ts";

const logAt = (wall: number) => new EventLog({ wall: () => wall });
const idsAfter = (log: EventLog, id: string) => log.after(id).map((event) => event.id);

Deno.test("events have ids that differ, also from those of another run", () => {
  const ids = [1, 2].flatMap((run) => {
    const log = logAt(run);
    const seen: string[] = [];
    log.subscribe(({ id }) => seen.push(id));
    for (let i = 0; i < 300; i++) log.add({ type: "on-air" });
    return seen;
  });
  assert.equal(new Set(ids).size, 600);
});

Deno.test("events after an id are those that came later, at most 200", () => {
  fc.assert(fc.property(fc.nat({ max: 500 }), fc.nat({ max: 600 }), (count, seen) => {
    const log = logAt(36);
    const all: string[] = [];
    log.subscribe(({ id }) => all.push(id));
    for (let i = 0; i < count; i++) log.add({ type: "off-air" });
    const expected = all.slice(Math.max(seen, count - 200));
    assert.deepEqual(idsAfter(log, `10-${seen}`), expected);
    // One of another run has seen none of them.
    assert.deepEqual(idsAfter(log, `zz-${seen}`), all.slice(-200));
  }));
});

Deno.test("events after an unknown text are none", () => {
  const log = logAt(36);
  log.add({ type: "on-air" });
  fc.assert(fc.property(fc.string(), (id) => {
    if (!/^[\da-z]+-\d+$/.test(id)) assert.deepEqual(log.after(id), []);
  }));
});

Deno.test("events of those who no longer listen are not sent", () => {
  const log = logAt(1);
  let count = 0;
  const stop = log.subscribe(() => count++);
  assert(log.hasListeners);
  log.add({ type: "on-air" });
  stop();
  assert(!log.hasListeners);
  log.add({ type: "on-air" });
  assert.equal(count, 1);
});

Deno.test("events forget donations that the streamer removes", () => {
  const log = logAt(36);
  const events = new Emitter<DonationEvents>();
  log.follow({ events }, "EUR");
  for (const id of [1, 2, 3]) {
    const donation = { id, at: 5, name: `N${id}`, amount: 7, message: "Hi" };
    const [message, author] = [{} as never, id === 3 ? "cee" : null];
    events.emit("donation", { donation, message, viewer: null, author, capacityKey: "" });
  }
  const [first] = log.after("zz-0");
  assert.deepEqual(first, {
    ...{ id: "10-1", at: 5, type: "donation", donation: 1, name: "N1", amount: 7 },
    ...{ currency: "EUR", message: "Hi" },
  });
  const at = { author: null, at: 5, amount: 7, isSupporter: false };
  events.emit("removeDonation", { id: 2, ...at });
  assert.deepEqual(idsAfter(log, "zz-0"), ["10-1", "10-3"]);
  assert.deepEqual(idsAfter(log, "10-1"), ["10-3"]);
  events.emit("remove", { author: "cee" });
  assert.deepEqual(idsAfter(log, "zz-0"), ["10-1"]);
});
