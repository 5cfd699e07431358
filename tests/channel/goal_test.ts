import assert from "node:assert/strict";
import { Goal } from "../../src/channel/goal.ts";
import { StoreError } from "../../src/channel/store.ts";
import { temporaryFolder } from "../store/temporary_folder.ts";
import { createFixture, done, refusalOf } from "./fixture.ts";

Deno.test("Goal counts what is given from when it was set, also after a restart", () => {
  using folder = temporaryFolder();
  const path = `${folder.path}/livestream.db`;
  {
    using fixture = createFixture(path);
    const { goal, donations } = fixture;
    done(donations.give({ viewer: "ann", amount: 3 }));
    assert.equal(goal.current, null);
    assert.equal(done(goal.set(10)).reason, null);
    assert.deepEqual(goal.current, { amount: 10, given: 0 });
    done(donations.give({ viewer: "bob", amount: 0.1 }));
    done(donations.give({ viewer: null, amount: 0.2 }));
    assert.deepEqual(goal.current, { amount: 10, given: 0.3 });
  }
  using fixture = createFixture(path);
  assert.deepEqual(fixture.goal.current, { amount: 10, given: 0.3 });
  done(fixture.goal.set(0));
  assert.equal(fixture.goal.current, null);
  assert.match(refusalOf(fixture.goal.set(Infinity)).reason, /0 to 1,000,000/);
});

Deno.test("Goal does not count donations whose lines were deleted, nor those of banned donors", () => {
  using fixture = createFixture();
  const { chat, goal, donations, moderation, people } = fixture;
  done(donations.give({ viewer: "ann", amount: 5 }));
  done(goal.set(10));
  done(donations.give({ viewer: "troll", amount: 1_000_000 }));
  done(donations.give({ viewer: "ann", amount: 2 }));
  assert.equal(goal.current?.given, 1_000_002);
  const [first, , third] = chat.newest().chat.map(({ id }) => id);
  done(moderation.ban(people.authorOf("troll")));
  assert.equal(goal.current?.given, 2);
  assert.deepEqual(donations.support().totals, { supporters: 1, donations: 2, amount: 7 });
  done(chat.delete([first]));
  assert.equal(goal.current?.given, 2);
  done(chat.delete([third]));
  assert.equal(goal.current?.given, 0);
  moderation.pardon(people.authorOf("troll"));
  assert.equal(goal.current?.given, 1_000_000);
});

Deno.test("Goal that cannot be stored holds until the server ends, and says so", () => {
  using fixture = createFixture();
  const { donations, moderation } = fixture;
  const store = {
    get: () => null,
    set() {
      throw new StoreError("the disk is full");
    },
  };
  const given = { count: () => 7, givenAfter: () => 0 };
  const goal = new Goal({ store, given, donations, moderation });
  assert.equal(done(goal.set(5)).reason, "In force only until the server ends: the disk is full");
  assert.deepEqual(goal.current, { amount: 5, given: 0 });
});
