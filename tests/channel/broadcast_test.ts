import assert from "node:assert/strict";
import { Broadcast } from "../../src/channel/broadcast.ts";
import { Channel } from "../../src/channel/channel.ts";
import { FORGETFUL_STORE } from "../support/forgetful_store.ts";
import { createFixture, done } from "./fixture.ts";

function setUp({ offAir = false } = {}) {
  const fixture = createFixture();
  const { log, chat, donations } = fixture;
  const channel = new Channel({ title: "Tea", offAir, store: FORGETFUL_STORE, log });
  const world = { now: 0, viewers: 0, bytes: 1_000_000 };
  const broadcast = new Broadcast({
    ...{ channel, chat, donations, log },
    viewers: () => world.viewers,
    audience: {
      get totals() {
        return { bytes: world.bytes };
      },
    },
    clock: { monotonic: () => world.now },
  });
  const pass = (milliseconds: number) => {
    for (const end = world.now + milliseconds; world.now < end; world.now += 250) broadcast.tick();
  };
  return { ...fixture, channel, world, broadcast, pass };
}

Deno.test("broadcast is summed up from going on air until going off air", () => {
  const parts = setUp();
  const { broadcast, channel, world, pass } = parts;
  using _ = parts;
  pass(60_000);
  world.viewers = 4;
  pass(60_000);
  parts.say("anna", "Hello");
  done(parts.donations.give({ viewer: "anna", amount: 5 }));
  done(parts.donations.give({ viewer: "ben", name: "Ben" }));
  world.bytes += 81_600_000;
  const expected = {
    duration: 120_000,
    viewers: { most: 4, mean: 2 },
    messages: 1,
    donations: { count: 2, amount: 5 },
    bytes: 81_600_000,
  };
  assert.deepEqual(broadcast.summary, { isOver: false, ...expected });
  channel.setTitle("Cake");
  assert.equal(broadcast.summary?.isOver, false, "a new title ends nothing");

  channel.setOnAir(false);
  pass(60_000);
  parts.say("anna", "Still here");
  world.bytes += 1_000;
  assert.deepEqual(broadcast.summary, { isOver: true, ...expected });
  const { lines, fields } = parts.log;
  const logged = fields.filter((_, at) => lines[at] === "info: The broadcast is over");
  assert.deepEqual(logged, [{
    minutes: 2,
    mostViewers: 4,
    meanViewers: 2,
    messages: 1,
    donations: 2,
    amount: 5,
    megabytes: 82,
  }]);

  channel.setOnAir(true);
  pass(1_000);
  const { duration, messages, bytes } = broadcast.summary!;
  assert.deepEqual([duration, messages, bytes], [1_000, 0, 0]);
});

Deno.test("broadcast leaves out donations that the streamer removes, if they were made during it", () => {
  const parts = setUp({ offAir: true });
  using _ = parts;
  /** Donates; returns the id of the donation's line in the chat. */
  const give = (amount: number) => {
    done(parts.donations.give({ viewer: `donor of ${amount}`, amount }));
    return parts.chat.newest().chat.at(-1)!.id;
  };
  const before = give(10);
  parts.channel.setOnAir(true);
  done(parts.chat.delete([before]));
  const troll = give(999_999);
  give(5);
  done(parts.chat.delete([troll]));
  done(parts.chat.delete([troll]));
  assert.deepEqual(parts.broadcast.summary?.donations, { count: 1, amount: 5 });
});

Deno.test("broadcast has no summary before the channel was on air, and logs it once at the end", () => {
  const parts = setUp({ offAir: true });
  using _ = parts;
  assert.equal(parts.broadcast.summary, null);
  parts.broadcast.end();
  assert.equal(parts.broadcast.summary, null);
  parts.channel.setOnAir(true);
  parts.broadcast.end();
  parts.broadcast.end();
  const logged = parts.log.lines.filter((line) => line === "info: The broadcast is over");
  assert.equal(logged.length, 1);
});
