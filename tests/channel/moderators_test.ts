import assert from "node:assert/strict";
import { refuse, type Refused } from "../../src/channel/refusal.ts";
import { temporaryFolder } from "../store/temporary_folder.ts";
import { createFixture, done, refusalOf } from "./fixture.ts";

/** A fixture in which Ann is a moderator, and Bob and Cleo are viewers. */
function withModerator(path?: string) {
  const fixture = createFixture(path);
  const { people, moderators } = fixture;
  for (const name of ["Ann", "Bob", "Cleo"]) people.rename(name.toLowerCase(), name);
  assert.equal(moderators.appoint(people.authorOf("ann")), null);
  return { ...fixture, author: (viewer: string) => people.authorOf(viewer) };
}

Deno.test("Moderators have the role, and so do the messages that they write", () => {
  using fixture = withModerator();
  const { moderators, people, author } = fixture;
  assert.equal(people.of("ann").role, "moderator");
  assert.equal(people.of("bob").role, undefined);
  const id = fixture.say("ann", "hello");
  assert.equal(fixture.chat.get(id)!.role, "moderator");
  assert.deepEqual(moderators.list, [{ author: author("ann"), name: "ann" }]);
  moderators.dismiss(author("ann"));
  assert.equal(people.of("ann").role, undefined);
  assert.equal(fixture.chat.get(id)!.role, "moderator");
  assert.deepEqual(moderators.list, []);
});

Deno.test("Moderators are announced once when appointed and when dismissed", () => {
  using fixture = withModerator();
  const { moderators, people, author } = fixture;
  const changes: string[] = [];
  people.events.on("change", ({ author }) => changes.push(author));
  moderators.appoint(author("bob"));
  moderators.appoint(author("bob"));
  moderators.dismiss(author("ann"));
  moderators.dismiss(author("ann"));
  assert.deepEqual(changes, [author("bob"), author("ann")]);
});

Deno.test("Moderators need a name", () => {
  const fixture = withModerator();
  const { moderators, author, store } = fixture;
  assert.deepEqual(moderators.appoint(author("new")), refuse("appoint-nameless"));
  // Bob has one, but nobody knows.
  store.close();
  assert.equal((moderators.appoint(author("bob")) as Refused).refused.storeFailed, true);
});

Deno.test("Moderators may act on viewers, and the log says who did", () => {
  using fixture = withModerator();
  const { moderators, moderation, chat, author, log } = fixture;
  const { by } = done(moderators.check("ann", () => [author("bob"), author("cleo")]));
  assert.equal(by, "Ann (moderator)");
  chat.delete([fixture.say("bob", "rude")], by);
  moderation.ban(author("bob"), by);
  const { lines, fields } = log;
  assert.deepEqual(lines.filter((_, i) => fields[i].by === by), [
    "info: Deleted messages",
    "info: Banned a viewer",
  ]);
});

Deno.test("Moderators may not act on the streamer, each other or themselves, nor viewers on anybody", () => {
  using fixture = withModerator();
  const { moderators, streamer, author } = fixture;
  moderators.appoint(author("bob"));
  for (const target of [streamer.author, author("bob"), author("ann")]) {
    const { code } = refusalOf(moderators.check("ann", () => [author("cleo"), target]));
    assert.equal(code, "not-for-moderators");
  }
  for (const viewer of ["cleo", "stranger", null]) {
    const read = () => assert.fail("read whom it concerns");
    assert.equal(refusalOf(moderators.check(viewer, read)).code, "not-a-moderator");
  }
});

Deno.test("Moderators who are muted may do nothing, and banned ones are dismissed", () => {
  using fixture = withModerator();
  const { moderators, moderation, author } = fixture;
  moderation.timeOut(author("ann"), 60);
  assert.equal(refusalOf(moderators.check("ann", () => [])).code, "muted-moderator");
  fixture.advance(60_000);
  done(moderators.check("ann", () => []));
  moderation.ban(author("ann"));
  moderation.pardon(author("ann"));
  assert.equal(moderators.has(author("ann")), false);
});

Deno.test("Moderators are the same after a restart", () => {
  using folder = temporaryFolder();
  const path = `${folder.path}/community.db`;
  let list;
  {
    using fixture = withModerator(path);
    fixture.moderators.appoint(fixture.author("bob"));
    fixture.moderators.appoint(fixture.author("cleo"));
    fixture.moderators.dismiss(fixture.author("bob"));
    list = fixture.moderators.list;
  }
  using fixture = createFixture(path);
  assert.deepEqual(fixture.moderators.list, list);
  assert.deepEqual(list.map(({ name }) => name), ["Ann", "Cleo"]);
});

Deno.test("Moderators change until the server ends if that cannot be stored", () => {
  const fixture = withModerator();
  const { moderators, store, author } = fixture;
  store.close();
  assert.match(moderators.dismiss(author("ann"))!, /^In force only until the server ends/);
  assert.equal(moderators.has(author("ann")), false);
});
