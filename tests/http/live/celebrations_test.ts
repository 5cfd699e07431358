import assert from "node:assert/strict";
import { CELEBRATION_MS, Celebrations, MAX_WAITING } from "../../../src/http/live/celebrations.ts";
import type { ServerMessage } from "../../../src/live_messages.ts";
import { createFixture } from "../../channel/fixture.ts";

/** Celebrations whose time stands still, and what every page was told. */
function begin() {
  const fixture = createFixture();
  const sent: ServerMessage[] = [];
  let now = 0;
  let id = 0;
  const celebrations = new Celebrations({
    community: fixture,
    toAll: (message) => sent.push(message),
    now: () => now,
  });
  return {
    ...fixture,
    celebrations,
    /** Takes what was sent since the last time, in short: ids of donations, and of those withdrawn. */
    take: () =>
      sent.splice(0).map((message) => {
        if (message.type === "donation") return `donation ${message.donation.id}`;
        assert.equal(message.type, "supporters");
        return `list ${message.withdrawn ?? ""}`.trim();
      }),
    give(address: string, { author = "ann" as string | null, name = "Ann", message = "" } = {}) {
      celebrations.add({ id: ++id, at: 0, name, amount: 1, message }, author, address);
    },
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

Deno.test("Celebrations lets so many wait, and shows no more than those", () => {
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

Deno.test("Celebrations shows three of an address, then one in half a minute", () => {
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

Deno.test("Celebrations sends the list of supporters once a second at most", () => {
  using all = begin();
  all.give("192.0.2.1");
  assert.deepEqual(all.take(), ["donation 1"]);
  for (let i = 0; i < 10; i++) {
    for (let times = 0; times < 5; times++) all.celebrations.supportersChanged();
    all.advance(250);
  }
  assert.deepEqual(all.take(), ["list", "list"]);
});

Deno.test("Celebrations takes an author's donations back, on the screen and waiting", () => {
  using all = begin();
  all.give("192.0.2.1", { author: "rude" });
  all.give("192.0.2.2", { author: "kind" });
  all.give("192.0.2.1", { author: "rude" });
  all.give("192.0.2.3", { author: null });
  all.take();
  all.celebrations.withdraw("kind");
  assert.deepEqual(all.take(), ["list"]);
  all.celebrations.withdraw("rude");
  assert.deepEqual(all.take(), ["list 1"]);
  all.advance(CELEBRATION_MS);
  assert.deepEqual(all.take(), ["donation 4"]);
  all.advance(CELEBRATION_MS);
  all.celebrations.withdraw("rude");
  assert.deepEqual(all.take(), ["list"]);
});

Deno.test("Celebrations shows nothing with a word that was blocked while it waited", () => {
  using all = begin();
  for (const [i, name] of ["Ann", "Rude", "Bea", "Cid"].entries()) {
    all.give(`192.0.2.${i}`, { name, message: name === "Bea" ? "so rude" : "" });
  }
  all.moderation.setBlockedWords(["rude"]);
  all.take();
  all.advance(CELEBRATION_MS);
  assert.deepEqual(all.take(), ["donation 4"]);
});
