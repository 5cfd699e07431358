import assert from "node:assert/strict";
import { temporaryFolder } from "../store/temporary_folder.ts";
import { createFixture, done, refusalOf } from "./fixture.ts";

Deno.test("People gives a new viewer a hue and an author, but no name", () => {
  using fixture = createFixture();
  const { author, hue, ...rest } = fixture.people.of("viewer");
  assert.deepEqual(rest, { name: null, supporter: false, priorityUntil: 0, mutedUntil: 0 });
  assert.match(author, /^[\w-]{22}$/);
  assert.ok(hue >= 0 && hue < 360);
  assert.ok(!author.includes("viewer"));
});

Deno.test("People remembers a name until the next one", () => {
  using fixture = createFixture();
  const { people } = fixture;
  assert.equal(people.rename("viewer", " Ann "), null);
  assert.equal(people.of("viewer").name, "Ann");
  assert.equal(people.rename("viewer", "Bea"), null);
  assert.equal(people.of("viewer").name, "Bea");
  assert.equal(people.of("other").name, null);
});

for (
  const imitation of ["Ann", "ANN", "Аnn", "Ann\u200b", "A n n", "Ａｎｎ", "🅐🅝🅝", "A\u0336nn™"]
) {
  Deno.test(`People refuses "${imitation}" to others while Ann is here`, () => {
    using fixture = createFixture();
    const { people, donations } = fixture;
    assert.equal(people.rename("one", "Ann"), null);
    assert.match(
      people.rename("other", imitation)!.refused.reason,
      /Someone here already has this name/,
    );
    assert.equal(people.of("other").name, null);
    for (const viewer of [null, "other"]) {
      const { reason } = refusalOf(donations.give({ viewer, name: imitation }));
      assert.match(reason, /Someone here already has this name/);
    }
    assert.equal(people.rename("one", imitation), null);
    assert.equal(people.rename("other", "Ann of Cleves"), null);
  });
}

Deno.test("People frees a name four hours after its owner was last seen, or once they have another", () => {
  using fixture = createFixture();
  const { people } = fixture;
  const hours = (count: number) => fixture.advance(count * 3_600_000);
  people.rename("one", "Ann");
  hours(3);
  people.of("one");
  hours(3);
  assert.notEqual(people.rename("other", "Ann"), null);
  hours(1);
  assert.equal(people.rename("other", "Ann"), null);
  // Who comes back goes by the name they had, and takes it from nobody.
  assert.equal(people.of("one").name, "Ann");
  assert.equal(people.rename("one", "Ann"), null);
  assert.notEqual(people.rename("third", "Ann"), null);
  people.rename("other", "Bea");
  people.rename("one", "Cleo");
  assert.equal(people.rename("third", "Ann"), null);
});

Deno.test("People says why it refuses a name, and keeps the old one", () => {
  using fixture = createFixture();
  const { people, room } = fixture;
  people.rename("viewer", "Ann");
  room.set("blockedWords", ["rude"]);
  assert.match(people.rename("viewer", "Rude Ann")!.refused.reason, /blocked/);
  assert.match(people.rename("viewer", "Streamer")!.refused.reason, /reserved for the streamer/);
  assert.match(people.rename("viewer", " ")!.refused.reason, /Enter a name/);
  assert.equal(people.of("viewer").name, "Ann");
});

Deno.test("People derives the author of any viewer, seen before or not", () => {
  using fixture = createFixture();
  const author = fixture.people.authorOf("viewer");
  assert.equal(fixture.people.of("viewer").author, author);
  assert.notEqual(fixture.people.authorOf("other"), author);
});

Deno.test("People reports who is a supporter, muted or has priority", () => {
  using fixture = createFixture();
  const { people, moderation, donations } = fixture;
  done(donations.give({ viewer: "viewer" }));
  const { author, supporter, priorityUntil } = people.of("viewer");
  assert.deepEqual({ supporter, priorityUntil }, { supporter: true, priorityUntil: 1_060_000 });
  moderation.timeOut(author, 60);
  assert.equal(people.of("viewer").mutedUntil, 1_060_000);
  fixture.advance(60_000);
  assert.equal(people.of("viewer").mutedUntil, 0);
  assert.equal(people.of("viewer").priorityUntil, 0);
  moderation.ban(author);
  assert.equal(people.of("viewer").mutedUntil, null);
});

Deno.test("People are the same after a restart, and no id of a viewer is stored", async () => {
  using folder = temporaryFolder();
  const path = `${folder.path}/community.db`;
  const viewer = crypto.randomUUID();
  let author: string;
  {
    using fixture = createFixture(path);
    done(fixture.chat.post({ viewer, key: "1", text: "hello", name: "Ann" }));
    fixture.donations.give({ viewer });
    ({ author } = fixture.people.of(viewer));
    fixture.moderation.timeOut(author, 5);
  }
  {
    using fixture = createFixture(path);
    const person = fixture.people.of(viewer);
    assert.equal(person.author, author);
    assert.equal(person.name, "Ann");
    assert.ok(person.supporter);
    assert.equal(person.priorityUntil, 1_060_000);
    assert.equal(person.mutedUntil, 1_005_000);
  }
  const kept = new TextDecoder("latin1").decode(await Deno.readFile(path));
  assert.ok(kept.includes(author));
  assert.ok(!kept.includes(viewer));
});

Deno.test("People keeps the name of someone who is here for hours and silent", () => {
  using fixture = createFixture();
  const { people } = fixture;
  people.rename("quiet", "Ann");
  people.stillHere("nameless");
  for (let i = 0; i < 3; i++) {
    fixture.advance(3 * 3_600_000);
    people.stillHere("quiet");
  }
  assert.notEqual(people.rename("other", "Ann"), null);
});

Deno.test("People keeps the name of someone who is here, however many others take one", () => {
  using fixture = createFixture();
  const { people } = fixture;
  people.rename("quiet", "Ann");
  for (let i = 0; i < 10_000; i++) {
    people.rename(`other ${i}`, `Visitor ${i}`);
    if (i === 5_000) people.stillHere("quiet");
  }
  assert.notEqual(people.rename("late", "Ann"), null);
});
