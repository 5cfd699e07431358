import assert from "node:assert/strict";
import { CELEBRATION_MS, Celebrations, MAX_WAITING } from "../../src/channel/celebrations.ts";
import type { DonationEvents } from "../../src/channel/donations.ts";
import type { ModerationEvents } from "../../src/channel/moderation.ts";
import { Emitter } from "../../src/events.ts";
import { createFixture } from "./fixture.ts";

/** Celebrations whose clock stands still, and a record of what they publish. */
function begin() {
  const fixture = createFixture();
  const published: string[] = [];
  const donationEvents = new Emitter<DonationEvents>();
  const moderationEvents = new Emitter<ModerationEvents>();
  let now = 0;
  let id = 0;
  const celebrations = new Celebrations({
    donations: { events: donationEvents, support: () => fixture.donations.support() },
    moderation: { events: moderationEvents, check: (text) => fixture.moderation.check(text) },
    room: fixture.room,
    clock: { monotonic: () => now },
  });
  celebrations.events.on("show", ({ donation }) => published.push(`donation ${donation.id}`));
  celebrations.events.on(
    "list",
    ({ withdrawn }) => published.push(`list ${withdrawn ?? ""}`.trim()),
  );
  return {
    ...fixture,
    /** Takes what was published since the last call: ids of donations, and of those withdrawn. */
    take: () => published.splice(0),
    give(
      capacityKey: string,
      { author = "ann" as string | null, name = "Ann", message = "" } = {},
    ) {
      const donation = { id: ++id, at: 0, name, amount: 1, message };
      const gift = { donation: id, amount: 1 };
      const line = { id, at: 0, name, hue: 0, text: message, supporter: true, author: "ann", gift };
      const donated = { donation, message: line, viewer: author, author, capacityKey };
      donationEvents.emit("donation", donated);
    },
    remove: (author: string) => donationEvents.emit("remove", { author }),
    ban: (author: string) => moderationEvents.emit("ban", { author, upTo: 0 }),
    pardon: (author: string) => moderationEvents.emit("pardon", { author }),
    advance(milliseconds: number) {
      now += milliseconds;
      celebrations.tick();
    },
    [Symbol.dispose]: () => fixture[Symbol.dispose](),
  };
}

Deno.test("Celebrations shows a donation at once, and the next when its time is over", () => {
  using all = begin();
  all.give("192.0.2.1");
  all.give("192.0.2.2");
  assert.deepEqual(all.take(), ["donation 1"]);
  all.advance(CELEBRATION_MS - 1);
  assert.deepEqual(all.take(), ["list"]);
  all.advance(1);
  assert.deepEqual(all.take(), ["donation 2"]);
  all.advance(10 * CELEBRATION_MS);
  assert.deepEqual(all.take(), []);
});

Deno.test("Celebrations queues up to the limit and drops the rest", () => {
  using all = begin();
  for (let i = 0; i < 20; i++) all.give(`192.0.2.${i}`);
  const shown: string[] = [];
  for (let i = 0; i < 20; i++) {
    shown.push(...all.take().filter((one) => one !== "list"));
    all.advance(CELEBRATION_MS);
  }
  const expected = Array.from({ length: 1 + MAX_WAITING }, (_, i) => `donation ${i + 1}`);
  assert.deepEqual(shown, expected);
});

Deno.test("Celebrations shows three from one address, then one in half a minute", () => {
  using all = begin();
  const shown = () => all.take().filter((one) => one !== "list").length;
  const giveFor = (milliseconds: number) => {
    for (let waited = 0; waited < milliseconds; waited += 1_000) {
      all.give("192.0.2.1", { author: crypto.randomUUID() });
      all.advance(1_000);
    }
  };
  giveFor(20_000);
  assert.equal(shown(), 3);
  giveFor(300_000);
  assert.equal(shown(), 10);
  all.give("192.0.2.9");
  assert.equal(shown(), 1);
});

Deno.test("Celebrations publishes the list of supporters at most once a second", () => {
  using all = begin();
  all.give("192.0.2.1");
  assert.deepEqual(all.take(), ["donation 1"]);
  for (let i = 0; i < 10; i++) {
    for (let times = 0; times < 5; times++) all.pardon("ann");
    all.advance(250);
  }
  assert.deepEqual(all.take(), ["list", "list"]);
});

Deno.test("Celebrations withdraws an author's donations, shown or waiting", () => {
  using all = begin();
  all.give("192.0.2.1", { author: "rude" });
  all.give("192.0.2.2", { author: "kind" });
  all.give("192.0.2.1", { author: "rude" });
  all.give("192.0.2.3", { author: null });
  all.take();
  all.remove("kind");
  assert.deepEqual(all.take(), ["list"]);
  all.ban("rude");
  assert.deepEqual(all.take(), ["list 1"]);
  all.advance(CELEBRATION_MS);
  assert.deepEqual(all.take(), ["donation 4"]);
  all.advance(CELEBRATION_MS);
  all.remove("rude");
  assert.deepEqual(all.take(), ["list"]);
});

Deno.test("Celebrations shows nothing with a word that was blocked while it waited", () => {
  using all = begin();
  for (const [i, name] of ["Ann", "Rude", "Bea", "Cid"].entries()) {
    all.give(`192.0.2.${i}`, { name, message: name === "Bea" ? "so rude" : "" });
  }
  all.room.set("blockedWords", ["rude"]);
  all.take();
  all.advance(CELEBRATION_MS);
  assert.deepEqual(all.take(), ["donation 4"]);
});
