import assert from "node:assert/strict";
import { createFixture, done } from "./fixture.ts";

/** A community, and what it emitted: the part, the event and what matters of it. */
function record() {
  const fixture = createFixture();
  const { chat, donations, moderation, people, celebrations } = fixture;
  const emitted: unknown[][] = [];
  chat.events.on("message", ({ message, key }) => emitted.push(["message", message.id, key]));
  chat.events.on("delete", (ids) => emitted.push(["delete", ...ids]));
  people.events.on("change", ({ author }) => emitted.push(["person", author]));
  moderation.events.on("ban", ({ upTo }) => emitted.push(["ban", upTo]));
  donations.events.on("donation", ({ donation }) => emitted.push(["donation", donation.id]));
  celebrations.events.on("show", ({ donation }) => emitted.push(["show", donation.id]));
  celebrations.events.on("list", ({ withdrawn }) => emitted.push(["list", withdrawn]));
  return { ...fixture, take: () => emitted.splice(0) };
}

Deno.test("community announces a message first, then its author's new name", () => {
  using all = record();
  const author = all.people.authorOf("ann");
  const { message } = done(all.chat.post({ viewer: "ann", key: "k", text: "Hi", name: "Ann" }));
  assert.deepEqual(all.take(), [["message", message.id, "k"], ["person", author]]);
  done(all.chat.post({ viewer: "ann", key: "k2", text: "Hi again" }));
  assert.deepEqual(all.take().map(([event]) => event), ["message"]);
});

Deno.test("community announces neither repeated nor refused messages and donations", () => {
  using all = record();
  const post = { viewer: "ann", key: "k", text: "Hi", name: "Ann" };
  const gift = { viewer: "ann", key: "g", amount: 5 };
  all.chat.post(post);
  all.donations.give(gift);
  all.take();
  all.chat.post(post);
  all.chat.post({ ...post, key: "k2", text: "" });
  all.donations.give(gift);
  all.donations.give({ ...gift, key: "g2", amount: -1 });
  assert.deepEqual(all.take(), []);
});

Deno.test("community announces the ids of messages that existed when they were deleted", () => {
  using all = record();
  const id = all.say("ann", "Hi");
  all.take();
  all.chat.delete([id, 999]);
  assert.deepEqual(all.take(), [["delete", id]]);
  all.chat.delete([id]);
  assert.deepEqual(all.take(), []);
});

Deno.test("community celebrates a donation, then announces that its donor is a supporter", () => {
  using all = record();
  const { donation } = done(all.donations.give({ viewer: "ann", amount: 5 }));
  const author = all.people.authorOf("ann");
  assert.deepEqual(all.take(), [["show", donation.id], ["donation", donation.id], [
    "person",
    author,
  ]]);
  done(all.donations.removeSupporter(author));
  assert.deepEqual(all.take(), [["list", donation.id], ["person", author]]);
});

Deno.test("community announces a ban to the author first, then takes what they gave off the screens", () => {
  using all = record();
  all.say("troll", "Boo");
  const { donation } = done(all.donations.give({ viewer: "troll" }));
  const id = all.chat.newest().chat.at(-1)!.id;
  const author = all.people.authorOf("troll");
  all.take();
  all.moderation.ban(author);
  assert.deepEqual(all.take(), [["person", author], ["list", donation.id], ["ban", id]]);
});

Deno.test("community announces time-outs and pardons, but not a time-out that is refused", () => {
  using all = record();
  const author = all.people.authorOf("ann");
  all.moderation.timeOut(author, 60);
  assert.deepEqual(all.take(), [["person", author]]);
  assert.notEqual(all.moderation.timeOut(author, 0), null);
  assert.deepEqual(all.take(), []);
  all.moderation.pardon(author);
  assert.deepEqual(all.take(), [["person", author], ["list", undefined]]);
});
