import assert from "node:assert/strict";
import fc from "fast-check";
import { explain } from "../../src/channel/explanation.ts";
import { MAX_AMOUNT } from "../../src/channel/gift.ts";
import { temporaryFolder } from "../store/temporary_folder.ts";
import { createFixture, done, refusalOf } from "./fixture.ts";

Deno.test("Donations requires neither name nor amount nor message", () => {
  using fixture = createFixture();
  const { donations } = fixture;
  assert.deepEqual(donations.give({ viewer: "ann" }), {
    donation: { id: 1, at: 1_000_000, name: "Anonymous", amount: null, message: "" },
    repeated: false,
  });
  assert.equal(donations.count, 1);
  assert.equal(donations.supporters(10)[0].name, "Anonymous");
});

Deno.test("Donations sets the donor's name for the chat too", () => {
  using fixture = createFixture();
  const { donations, people } = fixture;
  const gift = { viewer: "ann", name: "Ann", amount: 2.5, message: " for\nyou " };
  const { donation } = done(donations.give(gift));
  assert.deepEqual(donation, {
    id: 1,
    at: 1_000_000,
    name: "Ann",
    amount: 2.5,
    message: "for you",
  });
  assert.equal(people.of("ann").name, "Ann");
  assert.equal(done(donations.give({ viewer: "ann", key: "2" })).donation.name, "Ann");
  people.rename("ann", "Bea");
  assert.equal(donations.supporters(1)[0].name, "Bea");
});

for (const amount of [0.01, 1, 19.99, 0.1, 1.1, 4.35, 999_999.99, MAX_AMOUNT]) {
  Deno.test(`Donations accepts an amount of ${amount}`, () => {
    using fixture = createFixture();
    assert.equal(done(fixture.donations.give({ viewer: "a", amount })).donation.amount, amount);
    assert.equal(fixture.donations.supporters(1)[0].amount, amount);
  });
}

for (const amount of [0, -1, 0.001, 1.005, 1_000_000.01, NaN, Infinity, -Infinity, 1e-9]) {
  Deno.test(`Donations refuses an amount of ${amount}`, () => {
    using fixture = createFixture();
    assert.match(refusalOf(fixture.donations.give({ viewer: "a", amount })).reason, /An amount/);
    assert.equal(fixture.donations.count, 0);
    assert.deepEqual(fixture.donations.supporters(10), []);
  });
}

Deno.test("Donations accepts messages of 200 code points without blocked words", () => {
  using fixture = createFixture();
  const { donations, room } = fixture;
  const give = (message: string) => donations.give({ viewer: "ann", message });
  room.set("blockedWords", ["rude"]);
  assert.match(refusalOf(give("👍".repeat(201))).reason, /200/);
  assert.match(refusalOf(give("so rude")).reason, /blocked/);
  assert.match(refusalOf(donations.give({ viewer: "ann", name: "Rude" })).reason, /blocked/);
  assert.match(refusalOf(donations.give({ viewer: null, name: "Rude" })).reason, /blocked/);
  assert.match(refusalOf(donations.give({ viewer: null, name: "Admin" })).reason, /reserved for/);
  done(give("👍".repeat(200)));
});

Deno.test("Donations counts the same key of the same viewer once", () => {
  using fixture = createFixture();
  const { donations } = fixture;
  const gift = { viewer: "ann", key: "1", amount: 5 };
  const { donation } = done(donations.give(gift));
  for (let i = 0; i < 10; i++) {
    assert.deepEqual(donations.give({ ...gift, amount: i }), { donation, repeated: true });
  }
  assert.equal(donations.count, 1);
  assert.equal(donations.supporters(1)[0].amount, 5);
  assert.equal(done(donations.give({ ...gift, viewer: "bea" })).repeated, false);
  assert.equal(done(donations.give({ viewer: null, key: "1" })).repeated, false);
  assert.equal(done(donations.give({ viewer: null, key: "1" })).repeated, true);
  assert.equal(donations.count, 3);
});

Deno.test("Donations counts a double click without a key once", () => {
  using fixture = createFixture();
  const { donations } = fixture;
  const gift = { viewer: "ann", amount: 5, message: "hi" };
  const { donation } = done(donations.give(gift));
  fixture.advance(2_999);
  assert.deepEqual(donations.give({ ...gift, message: " hi " }), { donation, repeated: true });
  assert.equal(done(donations.give({ ...gift, amount: 6 })).repeated, false);
  assert.equal(done(donations.give({ ...gift, viewer: "bea" })).repeated, false);
  fixture.advance(3_000);
  assert.equal(done(donations.give(gift)).repeated, false);
  assert.equal(donations.count, 4);
});

Deno.test("Donations accepts three at once, then one in ten seconds", () => {
  using fixture = createFixture();
  const { donations } = fixture;
  const give = (key: string, viewer: string | null = "ann") => donations.give({ viewer, key });
  for (const key of "123") done(give(key));
  assert.deepEqual(refusalOf(give("4")), {
    ...explain("donating-too-fast", { wait: "10 s" }),
    retryAfter: 10_000,
  });
  done(give("4", "bea"));
  for (const key of "123") done(give(key, null));
  refusalOf(give("4", null));
  fixture.advance(10_000);
  done(give("4"));
  done(give("4", null));
});

Deno.test("Donations makes a supporter, with priority for a minute after the newest", () => {
  using fixture = createFixture();
  const { donations } = fixture;
  assert.equal(donations.isSupporter("ann"), false);
  assert.equal(donations.priorityUntil("ann"), 0);
  done(donations.give({ viewer: "ann", key: "1" }));
  assert.equal(donations.isSupporter("ann"), true);
  assert.equal(donations.priorityUntil("ann"), 1_060_000);
  fixture.advance(59_999);
  assert.equal(donations.priorityUntil("ann"), 1_060_000);
  done(donations.give({ viewer: "ann", key: "2" }));
  assert.equal(donations.priorityUntil("ann"), 1_119_999);
  fixture.advance(60_000);
  assert.equal(donations.priorityUntil("ann"), 0);
  assert.equal(donations.isSupporter("ann"), true);
  assert.equal(donations.isSupporter("bea"), false);
});

Deno.test("Donations does not prolong priority when the clock is set back", () => {
  using fixture = createFixture();
  const { donations } = fixture;
  done(donations.give({ viewer: "ann" }));
  fixture.setClock(1);
  assert.equal(donations.priorityUntil("ann"), 0);
});

Deno.test("Donations accepts donors without a cookie, but does not list them", () => {
  using fixture = createFixture();
  const { donations } = fixture;
  const { donation } = done(donations.give({ viewer: null, name: " Ann ", amount: 9 }));
  assert.equal(donation.name, "Ann");
  assert.equal(done(donations.give({ viewer: null })).donation.name, "Anonymous");
  assert.equal(donations.count, 2);
  assert.deepEqual(donations.supporters(10), []);
});

Deno.test("Donations refuses muted and banned authors", () => {
  using fixture = createFixture();
  const { donations, moderation, people } = fixture;
  moderation.ban(people.of("troll").author);
  assert.match(refusalOf(donations.give({ viewer: "troll" })).reason, /banned/);
  assert.equal(donations.count, 0);
});

Deno.test("Donations hides supporters while they are banned", () => {
  using folder = temporaryFolder();
  const path = `${folder.path}/community.db`;
  const names = ({ donations }: ReturnType<typeof createFixture>) =>
    donations.supporters(10).map(({ name }) => name);
  let troll;
  {
    using fixture = createFixture(path);
    const { donations, moderation, people } = fixture;
    for (const [viewer, amount] of [["Troll", MAX_AMOUNT], ["Ann", 5], ["Bea", 1]] as const) {
      done(donations.give({ viewer, key: "1", amount, name: viewer }));
    }
    [troll] = donations.supporters(1);
    assert.equal(troll.author, people.authorOf("Troll"));
    moderation.timeOut(people.authorOf("Ann"), 60);
    assert.deepEqual(names(fixture), ["Troll", "Ann", "Bea"]);
    moderation.ban(troll.author);
    assert.deepEqual(names(fixture), ["Ann", "Bea"]);
    assert.deepEqual(donations.supporters(1).map(({ name }) => name), ["Ann"]);
  }
  using fixture = createFixture(path);
  assert.deepEqual(names(fixture), ["Ann", "Bea"]);
  fixture.moderation.pardon(troll.author);
  assert.deepEqual(names(fixture), ["Troll", "Ann", "Bea"]);
  assert.deepEqual(fixture.donations.supporters(1), [troll]);
});

Deno.test("Donations removes a supporter from the list until they donate again", () => {
  using fixture = createFixture();
  const { donations, people } = fixture;
  done(donations.give({ viewer: "ann", key: "1", amount: 5 }));
  const author = people.authorOf("ann");
  assert.deepEqual(donations.removeSupporter(author), { removed: true });
  assert.deepEqual(donations.removeSupporter(author), { removed: false });
  assert.deepEqual(donations.supporters(10), []);
  assert.equal(donations.isSupporter("ann"), false);
  assert.equal(donations.count, 1);
  assert.equal(done(donations.give({ viewer: "ann", key: "1", amount: 5 })).repeated, true);
  assert.equal(done(donations.give({ viewer: "ann", key: "2", amount: 2 })).repeated, false);
  assert.deepEqual(donations.supporters(10).map(({ amount }) => amount), [2]);
  assert.equal(donations.isSupporter("ann"), true);
});

Deno.test("Donations hides a name once a word of it is blocked", () => {
  using fixture = createFixture();
  const { donations, room } = fixture;
  done(donations.give({ viewer: "rita", key: "1", name: "RudeName", amount: 9 }));
  const [before] = donations.supporters(1);
  room.set("blockedWords", ["rudename"]);
  assert.deepEqual(donations.supporters(1), [{ ...before, name: "Anonymous" }]);
  assert.equal(done(donations.give({ viewer: "rita", key: "2" })).donation.name, "Anonymous");
  room.set("blockedWords", []);
  assert.equal(donations.supporters(1)[0].name, "RudeName");
});

Deno.test("Donations lists supporters by amount, then number, then the newest", () => {
  const gift = fc.record({
    viewer: fc.constantFrom("ann", "bea", "cid", "dan"),
    cents: fc.option(fc.integer({ min: 1, max: 3 })),
  });
  fc.assert(fc.property(fc.array(gift, { maxLength: 20 }), fc.nat(5), (gifts, limit) => {
    using fixture = createFixture();
    const sums = new Map<string, { donations: number; cents: number; lastAt: number }>();
    gifts.forEach(({ viewer, cents }, i) => {
      fixture.advance(10_000);
      const amount = cents && cents / 100;
      done(fixture.donations.give({ viewer, key: `${i}`, amount, name: viewer }));
      const sum = sums.get(viewer) ?? { donations: 0, cents: 0 };
      const lastAt = 1_000_000 + 10_000 * (i + 1);
      sums.set(viewer, { donations: sum.donations + 1, cents: sum.cents + (cents ?? 0), lastAt });
    });
    const expected = [...sums].sort(([, a], [, b]) =>
      b.cents - a.cents || b.donations - a.donations || b.lastAt - a.lastAt
    ).slice(0, limit);
    assert.deepEqual(
      fixture.donations.supporters(limit).map(({ hue: _, author: _author, ...supporter }) =>
        supporter
      ),
      expected.map(([name, { donations, cents, lastAt }]) => (
        { name, donations, amount: cents / 100, lastAt }
      )),
    );
    assert.equal(fixture.donations.count, gifts.length);
  }));
});

Deno.test("Donations is the same after a restart", () => {
  using folder = temporaryFolder();
  const path = `${folder.path}/community.db`;
  let supporters;
  {
    using fixture = createFixture(path);
    done(fixture.donations.give({ viewer: "ann", key: "1", amount: 0.1, name: "Ann" }));
    done(fixture.donations.give({ viewer: "ann", key: "2", amount: 0.2 }));
    supporters = fixture.donations.supporters(5);
    assert.equal(supporters[0].amount, 0.3);
  }
  using fixture = createFixture(path);
  const { donations } = fixture;
  assert.equal(donations.count, 2);
  assert.deepEqual(donations.supporters(5), supporters);
  assert.equal(done(donations.give({ viewer: "ann", key: "2" })).repeated, true);
  assert.equal(done(donations.give({ viewer: "ann", key: "3" })).donation.id, 3);
});

Deno.test("Donations says that one was not saved, and does not count it", () => {
  const fixture = createFixture();
  const { donations, store } = fixture;
  store.close();
  assert.match(refusalOf(donations.give({ viewer: "ann", key: "1" })).reason, /could not be saved/);
  assert.equal(donations.count, 0);
  assert.equal(donations.isSupporter("ann"), false);
  assert.deepEqual(donations.supporters(3), []);
});

Deno.test("each donation is logged once, with its amount and message", () => {
  using fixture = createFixture();
  const { donations, log } = fixture;
  const gift = { viewer: "one", key: "k", name: "Ann", amount: 5, message: "Keep it up" };
  done(donations.give(gift));
  done(donations.give(gift));
  done(donations.give({ viewer: "two" }));
  assert.deepEqual(log.lines, ["info: New donation", "info: New donation"]);
  assert.deepEqual(log.fields, [
    { from: "Ann", amount: 5, message: "Keep it up" },
    { from: "Anonymous" },
  ]);
});
