import assert from "node:assert/strict";
import { NamesInUse } from "../../src/channel/names_in_use.ts";
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
  assert.deepEqual(people.rename("viewer", " Ann "), { name: "Ann" });
  assert.equal(people.of("viewer").name, "Ann");
  assert.deepEqual(people.rename("viewer", "Bea"), { name: "Bea" });
  assert.equal(people.of("viewer").name, "Bea");
  assert.equal(people.of("other").name, null);
});

for (
  const imitation of ["Ann", "ANN", "Аnn", "Ann\u200b", "A n n", "Ａｎｎ", "🅐🅝🅝", "A\u0336nn™"]
) {
  Deno.test(`People numbers "${imitation}" for others while Ann is here`, () => {
    using fixture = createFixture();
    const { people, donations } = fixture;
    people.rename("one", "Ann");
    const { name } = done(people.rename("other", imitation));
    assert.match(name, / 2$/);
    assert.equal(people.of("other").name, name);
    // The same name again gets the same number.
    assert.deepEqual(people.rename("other", imitation), { name });
    assert.match(done(donations.give({ viewer: null, name: imitation })).donation.name, / 3$/);
    assert.match(done(people.rename("third", name)).name, / 3$/);
    assert.equal(done(people.rename("one", imitation)).name, imitation.normalize("NFC"));
    assert.deepEqual(people.rename("other", "Ann of Cleves"), { name: "Ann of Cleves" });
  });
}

Deno.test("People numbers a name up to 99 and then refuses it, but never a reserved or blocked way", () => {
  using fixture = createFixture();
  const { people, room } = fixture;
  for (let number = 2; number <= 100; number++) people.rename(`viewer ${number}`, "Ann");
  assert.equal(people.of("viewer 100").name, "Ann 99");
  assert.match(refusalOf(people.rename("late", "Ann")).reason, /choose another/);
  people.rename("one", "hos");
  for (let number = 2; number <= 6; number++) people.rename(`hos ${number}`, "hos");
  // "hos 7" reads as host.
  assert.deepEqual(people.rename("other", "hos"), { name: "hos 8" });
  room.set("blockedWords", ["bo 2"]);
  people.rename("bo", "Bo");
  assert.deepEqual(people.rename("second", "Bo"), { name: "Bo 3" });
});

Deno.test("People tries only some numbers at once, and goes on where it stopped", () => {
  using fixture = createFixture();
  const { people, store } = fixture;
  for (let number = 3; number <= 40; number++) people.rename(`viewer ${number}`, `Ann ${number}`);
  for (const [viewer, name] of [["one", "Ann"], ["two", "Ann 2"]]) people.rename(viewer, name);
  const { isTaken } = NamesInUse.prototype;
  let compared = 0;
  NamesInUse.prototype.isTaken = function (...rest) {
    compared++;
    return isTaken.apply(this, rest);
  };
  try {
    let name: string | undefined, tries = 0;
    for (; name === undefined && tries < 10; tries++) {
      compared = 0;
      const outcome = people.rename("late", "ANN");
      assert.ok(compared <= 12, `${compared}`);
      if ("refused" in outcome) assert.equal(outcome.refused.code, "name-taken");
      else ({ name } = outcome);
    }
    assert.equal(name, "ANN 41");
    assert.ok(tries > 1);
  } finally {
    NamesInUse.prototype.isTaken = isTaken;
  }
  assert.equal(store.people.nameOf(people.authorOf("late")), "ANN 41");
});

Deno.test("People gives an author the number that they have, and 2 once it is free", () => {
  using fixture = createFixture();
  const { people } = fixture;
  const long = "Annabella of the House of Tudors";
  for (const name of ["Ann", long]) {
    for (let number = 1; number <= 15; number++) people.rename(`${name} ${number}`, name);
    const own = people.of(`${name} 12`).name!;
    assert.match(own, / 12$/);
    assert.deepEqual(people.rename(`${name} 12`, name), { name: own });
    assert.match(done(people.rename(`${name} 12`, name.toUpperCase())).name, / 12$/);
    people.rename(`${name} 2`, "Bea");
    assert.match(done(people.rename(`${name} late`, name)).name, / 2$/);
  }
});

Deno.test("People frees a name four hours after its owner was last seen, or once they have another", () => {
  using fixture = createFixture();
  const { people } = fixture;
  const hours = (count: number) => fixture.advance(count * 3_600_000);
  people.rename("one", "Ann");
  hours(3);
  people.of("one");
  hours(3);
  assert.deepEqual(people.rename("other", "Ann"), { name: "Ann 2" });
  hours(1);
  assert.deepEqual(people.rename("other", "Ann"), { name: "Ann" });
  // Who comes back goes by the name they had, and takes it from nobody.
  assert.equal(people.of("one").name, "Ann");
  assert.deepEqual(people.rename("one", "Ann"), { name: "Ann" });
  assert.deepEqual(people.rename("third", "Ann"), { name: "Ann 2" });
  people.rename("other", "Bea");
  people.rename("one", "Cleo");
  assert.deepEqual(people.rename("third", "Ann"), { name: "Ann" });
});

Deno.test("People says why it refuses a name, and keeps the old one", () => {
  using fixture = createFixture();
  const { people, room } = fixture;
  people.rename("viewer", "Ann");
  room.set("blockedWords", ["rude"]);
  assert.match(refusalOf(people.rename("viewer", "Rude Ann")).reason, /blocked/);
  assert.match(refusalOf(people.rename("viewer", "Streamer")).reason, /reserved for the streamer/);
  assert.match(refusalOf(people.rename("viewer", " ")).reason, /Enter a name/);
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
  assert.deepEqual(people.rename("other", "Ann"), { name: "Ann 2" });
});

Deno.test("People keeps the name of someone who is here, however many others take one", () => {
  using fixture = createFixture();
  const { people } = fixture;
  people.rename("quiet", "Ann");
  for (let i = 0; i < 10_000; i++) {
    people.rename(`other ${i}`, `Visitor ${i}`);
    if (i === 5_000) people.stillHere("quiet");
  }
  assert.deepEqual(people.rename("late", "Ann"), { name: "Ann 2" });
});

Deno.test("People refuses the streamer's name to viewers, and takes it from those who have it", () => {
  using fixture = createFixture();
  const { people, room, streamer } = fixture;
  people.rename("viewer", "Bea");
  room.set("streamerName", "Bea");
  assert.equal(streamer.person.name, "Bea");
  assert.equal(people.of("viewer").name, null);
  for (const name of ["Bea", "b e a", "Bea 2", "Streamer"]) {
    assert.match(refusalOf(people.rename("other", name)).reason, /reserved for the streamer/, name);
  }
  room.set("streamerName", "Cleo");
  assert.equal(people.of("viewer").name, "Bea");
});
