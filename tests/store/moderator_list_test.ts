import assert from "node:assert/strict";
import { ModeratorList } from "../../src/store/moderator_list.ts";
import { migratedDatabase } from "./migrated.ts";

Deno.test("ModeratorList returns moderators in the order in which they were appointed", () => {
  using database = migratedDatabase();
  const moderators = new ModeratorList(database);
  const [zoe, ann, bob] = ["zoe", "ann", "bob"].map((author) => ({ author, name: `${author}!` }));
  for (const moderator of [zoe, ann, bob]) moderators.add(moderator);
  assert.deepEqual(moderators.all(), [zoe, ann, bob]);
  moderators.remove("ann");
  moderators.remove("nobody");
  assert.deepEqual(moderators.all(), [zoe, bob]);
  moderators.add(ann);
  assert.deepEqual(new ModeratorList(database).all(), [zoe, bob, ann]);
});
