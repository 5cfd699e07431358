import assert from "node:assert/strict";
import { createFixture } from "./fixture.ts";

Deno.test("Reactions are counted by kind, and each counts once", () => {
  using fixture = createFixture();
  const { reactions } = fixture;
  assert.equal(reactions.take(), null);
  assert.equal(reactions.react("ann", "heart", "home"), null);
  assert.equal(reactions.react("bea", "heart", "home"), null);
  assert.equal(reactions.react("bea", "fire", "home"), null);
  assert.deepEqual(reactions.take(), { heart: 2, fire: 1 });
  assert.equal(reactions.take(), null);
  assert.equal(reactions.total, 3);
});

Deno.test("Reactions of one viewer come four at once, then two a second", () => {
  using fixture = createFixture();
  const { reactions } = fixture;
  for (let i = 0; i < 4; i++) assert.equal(reactions.react("ann", "wow", "home"), null);
  assert.equal(reactions.react("ann", "wow", "home")!.refused.retryAfter, 500);
  assert.equal(reactions.react("bea", "wow", "home"), null);
  fixture.advance(500);
  assert.equal(reactions.react("ann", "wow", "home"), null);
  assert.notEqual(reactions.react("ann", "wow", "home"), null);
  assert.deepEqual(reactions.take(), { wow: 6 });
});

Deno.test("Reactions of one address come twenty at once, then ten a second, whoever sends them", () => {
  using fixture = createFixture();
  const { reactions } = fixture;
  for (let i = 0; i < 20; i++) assert.equal(reactions.react(`${i}`, "clap", "school"), null);
  assert.equal(reactions.react("late", "clap", "school")!.refused.retryAfter, 100);
  assert.equal(reactions.react("late", "clap", "home"), null);
  fixture.advance(100);
  assert.equal(reactions.react("late", "clap", "school"), null);
});

Deno.test("Reactions of muted and banned viewers are refused", () => {
  using fixture = createFixture();
  const { reactions, moderation, people } = fixture;
  moderation.timeOut(people.authorOf("ann"), 60);
  assert.equal(reactions.react("ann", "laugh", "home")!.refused.code, "muted");
  moderation.ban(people.authorOf("ann"));
  assert.equal(reactions.react("ann", "laugh", "home")!.refused.code, "banned");
  assert.equal(reactions.take(), null);
});
