import assert from "node:assert/strict";
import { MAX_TIME_OUT } from "../../src/channel/moderation.ts";
import { MAX_SLOW_MODE } from "../../src/channel/room_settings.ts";
import { temporaryFolder } from "../store/temporary_folder.ts";
import { createFixture, done } from "./fixture.ts";

Deno.test("Moderation mutes an author for as long as requested", () => {
  using fixture = createFixture();
  const { moderation, people } = fixture;
  const { author } = people.of("viewer");
  assert.equal(moderation.mutedUntil("viewer"), 0);
  assert.equal(moderation.timeOut(author, 10), null);
  assert.equal(moderation.mutedUntil("viewer"), 1_010_000);
  assert.equal(moderation.bannedUntil("viewer"), 0);
  assert.equal(moderation.mutedUntil("other"), 0);
  fixture.advance(9_999);
  assert.equal(moderation.mutedUntil("viewer"), 1_010_000);
  fixture.advance(1);
  assert.equal(moderation.mutedUntil("viewer"), 0);
  assert.deepEqual(moderation.bans, []);
});

Deno.test("Moderation bans for ever and deletes the messages of that author alone", () => {
  using fixture = createFixture();
  const { moderation, people, chat } = fixture;
  const rude = [fixture.say("troll", "one"), fixture.say("troll", "two")];
  const kind = fixture.say("ann", "three");
  assert.deepEqual(done(moderation.ban(people.of("troll").author)), { upTo: rude[1] });
  assert.deepEqual(done(moderation.ban(people.of("silent").author)), { upTo: 0 });
  assert.equal(moderation.mutedUntil("troll"), null);
  assert.equal(moderation.bannedUntil("troll"), null);
  assert.deepEqual(chat.newest().chat.map(({ id }) => id), [kind]);
  fixture.advance(1e12);
  assert.equal(moderation.bannedUntil("troll"), null);
});

Deno.test("Moderation does not replace a ban by a time-out", () => {
  using fixture = createFixture();
  const { moderation, people } = fixture;
  const { author } = people.of("troll");
  moderation.ban(author);
  assert.equal(moderation.timeOut(author, 1), null);
  assert.equal(moderation.mutedUntil("troll"), null);
});

Deno.test("Moderation pardons time-outs and bans", () => {
  using fixture = createFixture();
  const { moderation, people } = fixture;
  const { author } = people.of("viewer");
  for (const silence of [() => moderation.ban(author), () => moderation.timeOut(author, 9)]) {
    silence();
    assert.equal(moderation.pardon(author), null);
    assert.equal(moderation.mutedUntil("viewer"), 0);
    assert.deepEqual(moderation.bans, []);
  }
});

Deno.test("Moderation lists time-outs and bans, newest first, by the name at the time", () => {
  using fixture = createFixture();
  const { moderation, people } = fixture;
  const [ann, nameless] = ["ann", "nameless"].map((viewer) => people.of(viewer).author);
  people.rename("ann", "Ann");
  moderation.ban(ann);
  people.rename("ann", "Innocent");
  fixture.advance(1);
  moderation.timeOut(nameless, 1);
  assert.deepEqual(moderation.bans, [
    { author: nameless, name: "Anonymous", until: 1_001_001 },
    { author: ann, name: "Ann", until: null },
  ]);
});

Deno.test("Moderation and Room refuse invalid values and change nothing", () => {
  using fixture = createFixture();
  const { moderation, people, room } = fixture;
  const { author } = people.of("viewer");
  for (const seconds of [0, -1, 1.5, NaN, Infinity, MAX_TIME_OUT + 1]) {
    assert.match(moderation.timeOut(author, seconds)!, /^Cannot time out: /);
  }
  room.set("slowMode", 5);
  for (const seconds of [-1, 1.5, NaN, Infinity, MAX_SLOW_MODE + 1]) {
    assert.match(room.set("slowMode", seconds)!, /^Cannot set slow mode: /);
  }
  room.set("blockedWords", ["rude"]);
  assert.match(room.set("blockedWords", ["a".repeat(65)])!, /^Cannot block /);
  assert.equal(moderation.mutedUntil("viewer"), 0);
  assert.equal(room.settings.slowMode, 5);
  assert.deepEqual(room.settings.blockedWords, ["rude"]);
});

Deno.test("Moderation checks texts for the currently blocked words", () => {
  using fixture = createFixture();
  const { moderation, room } = fixture;
  assert.equal(moderation.check("You are rude"), null);
  assert.equal(room.set("blockedWords", ["Rude", "very mean"]), null);
  assert.equal(moderation.check("You are r.u.d.e"), "blocked-word");
  assert.equal(moderation.check("how VERY  MEAN"), "blocked-word");
  assert.equal(moderation.check("crude, mean"), null);
  room.set("blockedWords", []);
  assert.equal(moderation.check("You are rude"), null);
});

Deno.test("Moderation and Room are the same after a restart", () => {
  using folder = temporaryFolder();
  const path = `${folder.path}/community.db`;
  let bans;
  {
    using fixture = createFixture(path);
    const { moderation, people, room } = fixture;
    room.set("slowMode", 30);
    room.set("blockedWords", ["Rude", "very mean", "🍆"]);
    moderation.ban(people.of("troll").author);
    fixture.advance(1);
    moderation.timeOut(people.of("ann").author, 60);
    moderation.ban(people.of("sorry").author);
    moderation.pardon(people.of("sorry").author);
    bans = moderation.bans;
    assert.equal(bans.length, 2);
  }
  using fixture = createFixture(path);
  const { moderation, room } = fixture;
  assert.equal(room.settings.slowMode, 30);
  assert.deepEqual(room.settings.blockedWords, ["Rude", "very mean", "🍆"]);
  assert.ok(moderation.check("🍆"));
  assert.deepEqual(moderation.bans, bans);
  assert.equal(moderation.bannedUntil("troll"), null);
  assert.equal(moderation.mutedUntil("ann"), 1_060_001);
  assert.equal(moderation.mutedUntil("sorry"), 0);
});

Deno.test("Moderation and Room apply what cannot be saved until the server ends, and say so", () => {
  const fixture = createFixture();
  const { moderation, people, store, room } = fixture;
  const [troll, ann] = ["troll", "ann"].map((viewer) => people.of(viewer).author);
  store.close();
  for (
    const reason of [
      moderation.timeOut(ann, 60),
      room.set("slowMode", 10),
      room.set("blockedWords", ["rude"]),
    ]
  ) assert.match(reason!, /^In force only until the server ends: This could not be saved: /);
  assert.ok("refused" in moderation.ban(troll));
  assert.equal(moderation.mutedUntil("ann"), 1_060_000);
  assert.equal(moderation.bannedUntil("troll"), null);
  assert.equal(room.settings.slowMode, 10);
  assert.ok(moderation.check("rude"));
});

Deno.test("Moderation mutes for no longer than requested when the clock is set back", () => {
  using fixture = createFixture();
  const { moderation, people } = fixture;
  moderation.timeOut(people.of("viewer").author, 10);
  fixture.advance(-500_000);
  assert.equal(moderation.mutedUntil("viewer"), 510_000);
  fixture.advance(9_999);
  assert.equal(moderation.mutedUntil("viewer"), 510_000);
  fixture.advance(1);
  assert.equal(moderation.mutedUntil("viewer"), 0);
});

Deno.test("time-outs, bans and pardons are logged by name", () => {
  using fixture = createFixture();
  const { moderation, people, log } = fixture;
  fixture.say("Troll", "Boo");
  const { author } = people.of("Troll");
  moderation.timeOut(author, 60);
  moderation.ban(author);
  moderation.pardon(author);
  moderation.pardon(author);
  assert.deepEqual(log.lines, [
    "info: Timed out a viewer",
    "info: Banned a viewer",
    "info: Pardoned a viewer",
  ]);
  assert.deepEqual(log.fields, [{ name: "Troll", seconds: 60 }, { name: "Troll" }, {
    name: "Troll",
  }]);
});
